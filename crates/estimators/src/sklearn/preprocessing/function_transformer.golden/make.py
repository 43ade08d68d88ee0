import numpy
from golden import case, edge_rows, iris, penguins
from sklearn.pipeline import FeatureUnion
from sklearn.preprocessing import FunctionTransformer

BOTH = ["transform", "inverse_transform"]
FEW = ["0.22", "0.24", "1.2", "1.9"]
NAMES = [
    "absolute", "abs", "fabs", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "ceil", "cos", "cosh",
    "deg2rad", "exp", "exp2", "expm1", "floor", "log", "log10", "log1p", "log2", "negative", "positive", "rad2deg",
    "reciprocal", "rint", "sign", "sin", "sinh", "sqrt", "square", "tan", "trunc",
]  # fmt: skip


def fitted(X, **parameters):
    return FunctionTransformer(validate=False, check_inverse=False, **parameters).fit(X)


def spread():
    X, _ = iris()
    X = X[:20] - 3.1
    X[4:8] *= 0.1
    X[8:12] *= 1e-5
    X[12:16] *= 40
    return X


@case(methods=BOTH)
def log1p_and_expm1():
    X, _ = iris()
    model = fitted(X, func=numpy.log1p, inverse_func=numpy.expm1)
    return model, edge_rows(model, X)


@case(versions=FEW)
def validated():
    X, _ = iris()
    model = FunctionTransformer(numpy.sqrt, numpy.square, validate=True).fit(X)
    return model, edge_rows(model, X)


@case(versions=FEW)
def no_function():
    X, _ = penguins(count=20)
    X = X[["bill_length_mm", "year"]]
    return fitted(X), X.head(5)


@case(versions=FEW)
def clip():
    X, _ = iris()
    model = fitted(X, func=numpy.clip, kw_args={"a_min": 1.5, "a_max": 5})
    return model, edge_rows(model, X)


@case(versions=["0.22", "1.9"], unsupported=True)
def function_of_the_user():
    X, _ = iris()
    return fitted(X, func=spread), None


@case(versions=["0.22", "1.9"], unsupported=True)
def keywords_of_a_function():
    X, _ = iris()
    return fitted(X, func=numpy.log1p, kw_args={"where": True}), None


@case(versions=["1.9"], refused=True)
def validated_refuses_gaps():
    X, _ = iris()
    rows = X[:2].copy()
    rows[1, 1] = numpy.nan
    return FunctionTransformer(numpy.sqrt, validate=True).fit(X), rows


ULP = {"transform": (4e-16, "cbrt differs by 1 ulp between C libraries; numpy has its own vectorised tanh, 1 ulp from theirs")}


@case(versions=["0.22", "1.2", "1.6"])
def every_function():
    X = spread()[:, :1]
    model = FeatureUnion([(name, fitted(X, func=getattr(numpy, name))) for name in NAMES]).fit(X)
    with numpy.errstate(all="ignore"):
        return model, edge_rows(model, X, plain=20)


@case(versions=["0.22", "1.6"], tolerance=ULP)
def cbrt_and_tanh():
    X = spread()[:, :1]
    model = FeatureUnion([("cbrt", fitted(X, func=numpy.cbrt)), ("tanh", fitted(X, func=numpy.tanh))]).fit(X)
    return model, edge_rows(model, X, plain=20)
