import numpy
import pandas
from golden import case, penguins
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler

FEW = ["0.22", "0.24", "1.2", "1.9"]


def records(rows):
    """A dict a row; what is missing is left out."""
    return [{key: cell for key, cell in row.items() if cell == cell} for row in rows.to_dict("records")]


def transform(model, rows):
    return model.transform(records(rows))


def inverse_transform(model, rows):
    """A column for each feature, missing where the record lacks it."""
    found = model.inverse_transform(model.transform(records(rows)))
    return numpy.array([[record.get(name, numpy.nan) for name in model.feature_names_] for record in found])


BOTH = {"methods": ["transform", "inverse_transform"], "calls": {"transform": transform, "inverse_transform": inverse_transform}}


def birds():
    X, y = penguins(count=40)
    X = X[["bill_length_mm", "island", "sex", "year"]].astype({"year": float}).copy()
    X.iloc[::5, 0] = numpy.nan
    X.iloc[1::4, 1] = numpy.nan
    return X, y


def rows():
    X, _ = birds()
    X = X.head(12).copy()
    X.loc[3, "island"] = "Atlantis"
    X.loc[4, ["bill_length_mm", "year"]] = [-0.0, 0.0]
    X.loc[5, "bill_length_mm"] = 1e30
    X.loc[6] = numpy.nan
    return X.astype({"island": object, "sex": object})


@case(**BOTH)
def numbers_and_texts():
    return DictVectorizer().fit(records(birds()[0])), rows()


@case(versions=FEW, **BOTH)
def dense_float32():
    return DictVectorizer(dtype=numpy.float32, sparse=False, separator=" is ").fit(records(birds()[0])), rows()


@case(versions=FEW, **BOTH)
def unsorted():
    X = birds()[0][["sex", "bill_length_mm", "island"]]
    model = DictVectorizer(sort=False).fit([{"sex": "none"}] + records(X))
    return model, rows()[["sex", "island", "bill_length_mm"]]


@case(versions=["1.2", "1.9"], methods=["transform"], calls={"transform": transform})
def restricted():
    X, y = birds()
    model = DictVectorizer()
    chosen = SelectKBest(f_classif, k=4).fit(model.fit_transform(records(X)), y)
    model.restrict(chosen.get_support())
    used = sorted({name.split("=")[0] for name in model.feature_names_})
    return model, rows()[used]


def spelled(model, rows):
    """A text that spells a number is one, unless that very text was learned."""
    cells = [{"size": float(cell) if cell in ("1.25", "-7e3") else cell} for cell in rows["size"] if cell == cell]
    return model.transform(cells[:3] + [{}] + cells[3:])


@case(versions=["1.9"], calls={"transform": spelled})
def numbers_and_texts_of_one_key():
    model = DictVectorizer().fit([{"size": 1.5}, {"size": "unknown"}, {"size": "3"}, {"size": -2}])
    return model, pandas.DataFrame({"size": pandas.Series(["1.25", "unknown", "3", numpy.nan, "other", "-7e3"], dtype=object)})


@case(versions=["0.22", "1.9"], methods=["transform"], calls={"transform": transform})
def before_a_scaler():
    return make_pipeline(DictVectorizer(), MaxAbsScaler()).fit(records(birds()[0])), rows()


@case(versions=["1.9"], unsupported=True)
def integers():
    return DictVectorizer(dtype=int).fit([{"a": 1}]), None


@case(versions=["1.9"], unsupported=True)
def keys_that_are_numbers():
    return DictVectorizer().fit([{1: 2.0}]), None
