import numpy
from golden import at_least, case, edge_rows, iris
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.pipeline import FeatureUnion
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler

FEW = ["0.20", "0.22", "1.2", "1.9"]


@case()
def weighted():
    X, _ = iris()
    parts = [("scale", StandardScaler()), ("none", "drop" if at_least("0.22") else None), ("range", MinMaxScaler())]
    model = FeatureUnion(parts, transformer_weights={"range": 0.3}).fit(X)
    return model, edge_rows(model, X)


@case(versions=FEW)
def one_is_sparse():
    X, _ = iris()
    X = numpy.round(X)
    model = FeatureUnion([("one_hot", OneHotEncoder(handle_unknown="ignore", categories="auto")), ("scale", StandardScaler())]).fit(X)
    return model, edge_rows(model, X)


@case(since="1.1", versions=["1.1", "1.9"])
def passthrough():
    X, _ = iris(frame=True)
    model = FeatureUnion([("same", "passthrough"), ("scale", StandardScaler())]).fit(X)
    return model, edge_rows(model, X)


@case(versions=["0.22", "1.9"])
def numbers_and_marks():
    X, _ = iris()
    X[::4, 1] = numpy.nan
    model = FeatureUnion([("fill", SimpleImputer()), ("marks", MissingIndicator())]).fit(X)
    return model, X[:8]
