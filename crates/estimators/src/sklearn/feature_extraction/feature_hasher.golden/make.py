import numpy
from golden import case, penguins
from sklearn.feature_extraction import FeatureHasher

FEW = ["0.22", "1.2", "1.9"]


def birds():
    X, _ = penguins(count=12)
    X = X[["bill_length_mm", "island", "sex", "year"]].astype({"year": float}).copy()
    X.iloc[::5, 0] = numpy.nan
    X.iloc[1::4, 1] = numpy.nan
    X.loc[3, "bill_length_mm"] = 0.0
    X.loc[4, ["bill_length_mm", "year"]] = [-2.5, -0.0]
    X.loc[6] = numpy.nan
    return X.astype({"island": object, "sex": object})


def dicts(model, rows):
    return model.transform([{key: cell for key, cell in row.items() if cell == cell} for row in rows.to_dict("records")])


def pairs(model, rows):
    return model.transform([[(key, cell) for key, cell in row.items() if cell == cell] for row in rows.to_dict("records")])


def texts(model, rows):
    return model.transform([[cell for cell in row if cell == cell] for row in rows.itertuples(index=False)])


@case(calls={"transform": dicts})
def of_dicts():
    return FeatureHasher(n_features=16), birds()


@case(versions=FEW, calls={"transform": pairs})
def of_pairs():
    return FeatureHasher(n_features=5, input_type="pair", dtype=numpy.float32), birds()


@case(calls={"transform": texts})
def of_texts():
    return FeatureHasher(n_features=7, input_type="string"), birds()[["island", "sex"]]


@case(versions=FEW, calls={"transform": texts})
def without_signs():
    return FeatureHasher(n_features=3, input_type="string", alternate_sign=False), birds()[["island", "sex"]]


@case(until="0.20", calls={"transform": dicts})
def magnitudes():
    return FeatureHasher(n_features=4, non_negative=True), birds()


@case(versions=["1.9"], unsupported=True)
def too_wide():
    return FeatureHasher(n_features=2**30), None


@case(versions=FEW, calls={"transform": dicts})
def integers():
    return FeatureHasher(n_features=3, dtype=numpy.int32), birds()
