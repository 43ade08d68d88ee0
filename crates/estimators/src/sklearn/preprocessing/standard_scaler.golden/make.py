from golden import case, digits, edge_rows, iris
from sklearn.preprocessing import StandardScaler

BOTH = ["transform", "inverse_transform"]
FEW = ["0.20", "0.22", "1.2", "1.9"]


@case(methods=BOTH)
def plain():
    X, _ = iris()
    model = StandardScaler().fit(X)
    return model, edge_rows(model, X)


@case(methods=BOTH, versions=FEW)
def mean_only_and_names():
    X, _ = iris(frame=True)
    model = StandardScaler(with_std=False).fit(X)
    return model, edge_rows(model, X, plain=2)


@case(methods=BOTH, versions=FEW)
def deviation_only():
    X, _ = digits()
    model = StandardScaler(with_mean=False).fit(X[:, :6])
    return model, edge_rows(model, X[:, :6], plain=2)


@case(methods=BOTH, versions=["1.2", "1.9"])
def nothing_at_all():
    X, _ = iris()
    return StandardScaler(with_mean=False, with_std=False).fit(X), X[:2]


@case(refused=True, versions=["0.22", "1.9"])
def infinite():
    X, _ = iris()
    rows = X[:2].copy()
    rows[1, 2] = float("inf")
    return StandardScaler().fit(X), rows
