import numpy
from golden import case, edge_rows, iris
from sklearn.preprocessing import QuantileTransformer

BOTH = ["transform", "inverse_transform"]
FEW = ["0.22", "1.2", "1.9"]


def rows_of(model, X):
    """Edge rows, quantiles themselves, middles between them, and numbers just inside and outside of the range."""
    q = model.quantiles_
    more = [q[0], q[-1], q[3], (q[2] + q[3]) / 2, q[0] + 5e-8, q[-1] - 5e-8, q[0] - 1, q[-1] + 1]
    return numpy.vstack([edge_rows(model, X, methods=["transform"]), more])


@case(methods=BOTH)
def uniform():
    X, _ = iris()
    model = QuantileTransformer(n_quantiles=20).fit(X)
    return model, rows_of(model, X)


@case(methods=BOTH, versions=FEW)
def normal():
    X, _ = iris()
    model = QuantileTransformer(n_quantiles=15, output_distribution="normal").fit(X)
    return model, rows_of(model, X)


@case(versions=["0.22", "1.9"])
def constant_column():
    X, _ = iris()
    X = X[:, :2].copy()
    X[:, 1] = 3
    return QuantileTransformer(n_quantiles=5).fit(X), numpy.vstack([X[:4], X[:4] + 1])


@case(methods=BOTH, versions=["0.22", "1.9"])
def empty_column():
    X, _ = iris()
    learned = X[:, :2].copy()
    learned[:, 1] = float("nan")
    return QuantileTransformer(n_quantiles=6).fit(learned), X[:5, :2]


@case(refused=True, methods=["transform"], versions=["0.22", "1.9"])
def infinite():
    X, _ = iris()
    rows = X[:3].copy()
    rows[1, 1] = float("inf")
    return QuantileTransformer(n_quantiles=5).fit(X), rows
