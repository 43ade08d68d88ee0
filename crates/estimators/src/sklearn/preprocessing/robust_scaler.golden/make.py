from golden import case, edge_rows, iris
from sklearn.preprocessing import RobustScaler

BOTH = ["transform", "inverse_transform"]
FEW = ["0.20", "0.22", "1.2", "1.9"]


@case(methods=BOTH)
def plain():
    X, _ = iris()
    model = RobustScaler().fit(X)
    return model, edge_rows(model, X)


@case(methods=BOTH, versions=FEW)
def center_only():
    X, _ = iris(frame=True)
    model = RobustScaler(with_scaling=False).fit(X)
    return model, edge_rows(model, X, plain=2)


@case(methods=BOTH, versions=FEW)
def scale_only():
    X, _ = iris()
    model = RobustScaler(with_centering=False, quantile_range=(10.0, 80.0)).fit(X)
    return model, edge_rows(model, X, plain=2)
