from golden import case, edge_rows, iris
from sklearn.preprocessing import MaxAbsScaler

BOTH = ["transform", "inverse_transform"]


@case(methods=BOTH)
def plain():
    X, _ = iris()
    model = MaxAbsScaler().fit(X - 3)
    return model, edge_rows(model, X)


@case(methods=BOTH, since="1.8")
def clip():
    X, _ = iris()
    model = MaxAbsScaler(clip=True).fit(X[:20])
    return model, edge_rows(model, X)
