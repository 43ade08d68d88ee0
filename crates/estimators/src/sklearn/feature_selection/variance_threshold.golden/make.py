import numpy
from golden import case, digits, edge_rows, iris
from scipy.sparse import csr_matrix
from sklearn.feature_selection import VarianceThreshold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

BOTH = ["transform", "inverse_transform"]


def finite(rows):
    """inverse_transform takes no others, so that transform alone must."""
    return rows[numpy.isfinite(rows).all(axis=1)]


@case(methods=BOTH)
def of_default():
    X, _ = iris()
    X = X[:, [0, 1, 1, 3, 3]]
    X[:, 2] = 4.5
    model = VarianceThreshold().fit(X)
    return model, finite(edge_rows(model, X, ["transform"]))


@case(versions=["0.21", "0.22", "1.9"], methods=["transform"])
def gaps_and_infinities():
    X, _ = iris()
    model = VarianceThreshold(0.2).fit(X)
    return model, edge_rows(model, X, ["transform"])


@case(versions=["0.22", "1.9"], methods=["transform"])
def sparse_rows():
    X, y = digits()
    model = make_pipeline(OneHotEncoder(handle_unknown="ignore"), VarianceThreshold(0.1)).fit(X[:, 2:5], y)
    return model, X[:12, 2:5]


@case(versions=["1.9"], methods=["transform"])
def trained_on_sparse_rows():
    X, _ = digits()
    return VarianceThreshold(25.0).fit(csr_matrix(X[:, 2:12])), X[:6, 2:12].copy()
