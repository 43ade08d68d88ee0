"""Makes this folder: texts hashed into a million columns, and a forest that scikit-learn gives them sparse; a vectorizer alone.

    PYTHONPATH=fixtures ~/.cache/pythia/venvs/sklearn-1.9.1/bin/python crates/cli/tests/wide/make.py

Data: the Zen of Python, PSF licence (fixtures/README.md).
"""

import pathlib
import pickle

import pandas
from golden import documents
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.pipeline import make_pipeline

HERE = pathlib.Path(__file__).parent


def main():
    lines = documents()
    praise = ["better" if "better" in line else "plain" for line in lines]
    model = make_pipeline(HashingVectorizer(), RandomForestClassifier(5, max_features=0.01, random_state=0))
    model.fit(lines, praise)
    (HERE / "model.pkl").write_bytes(pickle.dumps(model))
    (HERE / "vectorizer.pkl").write_bytes(pickle.dumps(HashingVectorizer(n_features=50_000)))
    pandas.DataFrame({"line": lines}).to_csv(HERE / "data.csv", index=False, lineterminator="\n")
    probabilities = pandas.DataFrame(model.predict_proba(lines), columns=["p_better", "p_plain"])
    probabilities.to_csv(HERE / "expected.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
