import numpy
from golden import at_least, case, edge_rows, iris
from sklearn.preprocessing import KBinsDiscretizer

BOTH = ["transform", "inverse_transform"]
FEW = ["0.22", "0.24", "1.0", "1.1", "1.3", "1.9"]


def near_edges(model, X):
    """The first rows, then each column's inner edges: on them, one step beside, and a little below."""
    rows = [list(row) for row in X[:4]]
    for change in (0.0, 1e-9, -1e-9, -1e-5, -1e-4):
        rows.append([edges[1] * (1 + change) for edges in model.bin_edges_])
    for side in (numpy.inf, -numpy.inf):
        rows.append([numpy.nextafter(edges[1], side) for edges in model.bin_edges_])
    return numpy.vstack([rows, edge_rows(model, X, methods=["transform"])])


def discretizer(encode, strategy, n_bins=4):
    more = {"quantile_method": "linear"} if at_least("1.7") else {}
    return KBinsDiscretizer(n_bins=n_bins, encode=encode, strategy=strategy, **more)


@case(methods=BOTH)
def ordinal():
    X, _ = iris()
    model = discretizer("ordinal", "uniform").fit(X)
    return model, near_edges(model, X)


@case(methods=BOTH, versions=FEW)
def onehot():
    X, _ = iris()
    model = discretizer("onehot", "quantile", [3, 4, 2, 5]).fit(X)
    return model, near_edges(model, X)[:11]


@case(methods=BOTH, versions=["0.22", "1.9"])
def onehot_dense_constant_column():
    X, _ = iris()
    X = X[:, :3].copy()
    X[:, 1] = 7
    model = discretizer("onehot-dense", "kmeans", 3).fit(X)
    return model, X[::6]


@case(methods=BOTH, since="0.24", versions=["0.24", "1.0", "1.9"])
def float32():
    X, _ = iris()
    model = KBinsDiscretizer(n_bins=3, encode="ordinal", strategy="uniform", dtype=numpy.float32).fit(X)
    return model, near_edges(model, X)[:11]


@case(refused=True, methods=["transform"], versions=["0.22", "1.9"])
def missing():
    X, _ = iris()
    rows = X[:3].copy()
    rows[1, 1] = float("nan")
    return discretizer("ordinal", "uniform").fit(X), rows
