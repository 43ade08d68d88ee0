import numpy
from golden import case, edge_rows, iris, penguins
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Binarizer, OrdinalEncoder

BOTH = ["transform", "inverse_transform"]
FEW = ["0.22", "1.0", "1.2", "1.9"]


def texts():
    X, _ = penguins()
    return X[["island", "sex"]].dropna().reset_index(drop=True)


def gaps():
    X, _ = penguins(count=60)
    X = X[["sex", "year"]].copy()
    X["year"] = X["year"].astype(float)
    X.iloc[::7, 0] = float("nan")
    X.iloc[::5, 1] = float("nan")
    return X


@case(methods=BOTH)
def unknown_refused():
    X = texts()
    model = OrdinalEncoder().fit(X)
    return model, edge_rows(model, X, methods=["transform"])


@case(methods=BOTH, since="0.24", versions=["0.24", "1.0", "1.2", "1.9"])
def unknown_encoded():
    X = texts()
    model = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, dtype=int).fit(X)
    return model, edge_rows(model, X, methods=["transform"])


@case(methods=BOTH, since="1.0", versions=["1.0", "1.1", "1.9"])
def missing():
    return OrdinalEncoder(dtype=numpy.float32).fit(gaps()), gaps().head(12)


@case(methods=BOTH, since="1.1", versions=["1.1", "1.3", "1.9"])
def missing_encoded():
    X = gaps()
    model = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=numpy.nan, encoded_missing_value=-2).fit(X)
    return model, edge_rows(model, X, methods=["transform"], plain=12)


@case(methods=["transform"], since="1.3", versions=["1.3", "1.9"])
def infrequent():
    X, _ = iris()
    X = numpy.round(X[:, :3])
    X[3, 1] = numpy.nan
    model = OrdinalEncoder(max_categories=3, encoded_missing_value=9, handle_unknown="use_encoded_value", unknown_value=-1)
    return model.fit(X), numpy.vstack([X[::6], X[3:4], [[4, 99, 2]]])


@case(methods=BOTH, since="1.3", versions=["1.3", "1.9"])
def infrequent_back():
    X, _ = iris()
    X = numpy.round(X[:, :3])
    return OrdinalEncoder(min_frequency=7).fit(X), X[::6]


@case(refused=True, versions=["0.22", "1.9"])
def unknown_category():
    X = texts()
    rows = X.head(3).copy()
    rows.iloc[2, 1] = "unheard"
    return OrdinalEncoder().fit(X), rows


@case(versions=FEW)
def integers_are_imputed_and_binarized():
    X = texts()
    imputer = SimpleImputer(strategy="constant", missing_values=2, fill_value=7)
    return make_pipeline(OrdinalEncoder(dtype=numpy.int16), imputer, Binarizer(threshold=1)).fit(X), X.head(8)


@case(versions=FEW)
def integers_become_floats():
    X = texts()
    return make_pipeline(OrdinalEncoder(dtype=int), SimpleImputer(missing_values=2, strategy="mean")).fit(X), X.head(8)
