"""Makes this folder: a pipeline with a function and classes of the user's own, which the file names but does not hold.

    PYTHONPATH=fixtures ~/.cache/pythia/venvs/sklearn-1.9.1/bin/python crates/cli/tests/custom/make.py

Data: palmerpenguins, CC0 (fixtures/README.md).
"""

import pathlib
import pickle
import sys
import types

import numpy
from golden import penguins
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

HERE = pathlib.Path(__file__).parent


class Scale(StandardScaler):
    """A class whose trained attributes are scikit-learn's."""


class Size(TransformerMixin, BaseEstimator):
    """A transformer without trained attributes."""

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return numpy.sqrt(numpy.clip(X, 0, 1000))


def magnitude(X):
    return numpy.abs(X)


def main():
    package = types.ModuleType("my_pkg")
    sys.modules["my_pkg"] = package
    for each in (Scale, Size, magnitude):
        each.__module__ = "my_pkg"
        setattr(package, each.__name__, each)
    X, species = penguins(count=300)
    names = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]
    kept = X[names].notna().all(axis=1)
    X, species = X.loc[kept, names], species[kept]
    model = make_pipeline(FunctionTransformer(magnitude), Size(), Scale(), LogisticRegression()).fit(X, species)
    (HERE / "model.pkl").write_bytes(pickle.dumps(model))
    rows = X.iloc[::11]
    rows.to_csv(HERE / "data.csv", index=False, lineterminator="\n")
    expected = "".join(f"{label}\n" for label in ["prediction", *model.predict(rows)])
    (HERE / "expected.csv").write_text(expected)
    (HERE / "pythia.toml").write_text(
        "[classes]\n"
        '"my_pkg.Scale" = "sklearn.preprocessing.StandardScaler"\n'
        '"my_pkg.Size" = "numpy.sqrt(numpy.clip(x, 0, 1000))"\n'
        '"my_pkg.magnitude" = "numpy.abs"\n'
    )


if __name__ == "__main__":
    main()
