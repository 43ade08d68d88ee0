import numpy
from golden import case, edge_rows, iris, wine
from sklearn.preprocessing import PowerTransformer

BOTH = ["transform", "inverse_transform"]
OWN = "scipy's own expm1 and numpy's own power, by their versions, differ from the C library's by an ulp"
CLOSE = {"transform": (1e-14, OWN), "inverse_transform": (1e-14, OWN)}
FEW = ["0.22", "0.24", "1.2", "1.6", "1.8", "1.9"]


@case(methods=BOTH)
def yeo_johnson():
    X, _ = iris()
    X = X - X.mean(axis=0)
    model = PowerTransformer().fit(X)
    rows = edge_rows(model, X, methods=["transform"])
    return model, rows[~(numpy.abs(rows) > 1e6).any(axis=1)]


@case(methods=BOTH, versions=FEW, tolerance=CLOSE)
def box_cox():
    X, _ = wine()
    model = PowerTransformer("box-cox").fit(X)
    rows = numpy.vstack([X[::7], X[:1] * 0.01, X[:1] * 100])
    rows[2, 3] = float("nan")
    return model, rows


@case(methods=BOTH, versions=["0.22", "1.9"])
def plain_and_special_exponents():
    X, _ = iris()
    model = PowerTransformer(standardize=False).fit(X)
    model.lambdas_ = numpy.array([0.0, 2.0, 1.0, -0.5])
    return model, numpy.vstack([X[::9], -X[::9] / 4])


@case(methods=BOTH, versions=["0.22", "1.9"], tolerance=CLOSE)
def box_cox_logarithm():
    X, _ = iris()
    model = PowerTransformer("box-cox", standardize=False).fit(X)
    model.lambdas_ = numpy.array([0.0, 2.0, 1.0, -0.5])
    return model, X[::9]


@case(refused=True, methods=["transform"], versions=["0.22", "1.9"])
def box_cox_of_zero():
    X, _ = iris()
    rows = X[:3].copy()
    rows[1, 1] = 0
    return PowerTransformer("box-cox").fit(X), rows
