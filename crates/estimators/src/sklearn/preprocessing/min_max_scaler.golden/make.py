from golden import case, digits, edge_rows, iris
from sklearn.preprocessing import MinMaxScaler

BOTH = ["transform", "inverse_transform"]


@case(methods=BOTH)
def plain():
    X, _ = iris()
    model = MinMaxScaler().fit(X)
    return model, edge_rows(model, X)


@case(methods=BOTH)
def range_and_names():
    X, _ = iris(frame=True)
    model = MinMaxScaler(feature_range=(-1, 3)).fit(X)
    return model, edge_rows(model, X)


@case(since="0.24")
def clip():
    X, _ = iris()
    model = MinMaxScaler(clip=True).fit(X)
    return model, edge_rows(model, X)


@case(dump="joblib", compress=3)
def constant_columns():
    X, _ = digits()
    return MinMaxScaler().fit(X[:, :10]), X[:1, :10] + 1.5


@case(refused=True)
def infinite():
    X, _ = iris()
    rows = X[:2].copy()
    rows[1, 2] = float("inf")
    return MinMaxScaler().fit(X), rows
