"""Makes this folder: a model trained behind label encoders and a scaler, as people keep them beside it.

    PYTHONPATH=fixtures ~/.cache/pythia/venvs/sklearn-1.9.1/bin/python crates/cli/tests/encoded/make.py

Data: palmerpenguins, CC0 (fixtures/README.md).
"""

import pathlib
import pickle

from golden import penguins
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import LabelEncoder, StandardScaler

HERE = pathlib.Path(__file__).parent


def main():
    table, species = penguins(count=300)
    table = table.assign(species=species).dropna().reset_index(drop=True)
    features = ["island", "bill_length_mm", "sex", "body_mass_g"]
    encoders = {name: LabelEncoder().fit(table[name]) for name in ["island", "sex", "species"]}
    X = table[features].copy()
    for name in ["island", "sex"]:
        X[name] = encoders[name].transform(X[name])
    scaler = StandardScaler().fit(X)
    model = RandomForestClassifier(n_estimators=5, max_depth=4, random_state=0).fit(scaler.transform(X), table["species"])
    for name, value in {"encoders": encoders, "scaler": scaler, "model": model}.items():
        with open(HERE / f"{name}.pkl", "wb") as file:
            pickle.dump(value, file)
    rows = table.iloc[::11]
    rows.to_csv(HERE / "data.csv", index=False, lineterminator="\n")
    expected = model.predict(scaler.transform(X.iloc[::11]))
    (HERE / "expected.txt").write_text("".join(f"{label}\n" for label in expected))


if __name__ == "__main__":
    main()
