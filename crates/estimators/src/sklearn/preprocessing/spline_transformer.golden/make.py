import numpy
from golden import case, edge_rows, iris, penguins, wine

try:
    from sklearn.preprocessing import SplineTransformer
except ImportError:  # before 1.0
    SplineTransformer = None

FEW = ["1.0", "1.3", "1.8", "1.9"]


def around(X):
    """The first rows, then those with cells below, above and at the bounds of the columns."""
    rows = [X[0], X[1], X.min(axis=0), X.max(axis=0)]
    rows += [X.min(axis=0) - 0.7, X.max(axis=0) + 0.7, X.min(axis=0) - 1e6, X.max(axis=0) + 1e300]
    return numpy.array(rows)


def columns():
    return iris()[0][:, :2]


@case(since="1.0")
def constant():
    X = columns()
    return SplineTransformer(n_knots=4).fit(X), around(X)


@case(versions=FEW)
def linear():
    X = columns()
    return SplineTransformer(n_knots=4, extrapolation="linear").fit(X), around(X)


@case(versions=FEW)
def linear_of_degree_1():
    X = iris()[0]
    return SplineTransformer(n_knots=4, degree=1, extrapolation="linear").fit(X), around(X)


@case(versions=FEW)
def linear_of_degree_0():
    X = iris()[0][:, :3]
    return SplineTransformer(n_knots=5, degree=0, extrapolation="linear").fit(X), around(X)


@case(versions=FEW)
def continued():
    X = columns()
    return SplineTransformer(n_knots=3, degree=2, extrapolation="continue").fit(X), around(X)


@case(versions=FEW)
def periodic():
    X = columns()
    return SplineTransformer(n_knots=5, extrapolation="periodic").fit(X), around(X)


@case(versions=["1.0", "1.9"])
def as_many_knots_as_a_period_needs():
    X = columns()
    return SplineTransformer(n_knots=4, degree=3, extrapolation="periodic").fit(X), around(X)


@case(versions=FEW)
def no_bias_by_quantiles():
    X, _ = wine(frame=True)
    X = X.iloc[:, :2]
    model = SplineTransformer(n_knots=4, knots="quantile", include_bias=False, order="F").fit(X)
    return model, edge_rows(model, X)


@case(versions=["1.0", "1.9"])
def own_knots():
    X = columns()
    knots = numpy.array([[4.0, 2.0], [5.0, 2.9], [5.5, 3.0], [8.0, 4.5]])
    return SplineTransformer(knots=knots, degree=2, extrapolation="error").fit(X), X[:8]


@case(versions=["1.0", "1.9"], refused=True)
def beyond_the_knots():
    X = columns()
    return SplineTransformer(extrapolation="error").fit(X), around(X)


@case(versions=["1.0", "1.9"], refused=True)
def above_steps():
    X = columns()
    return SplineTransformer(n_knots=3, degree=0).fit(X), around(X)


@case(versions=["1.0", "1.9"])
def steps():
    X = columns()
    return SplineTransformer(n_knots=3, degree=0).fit(X), around(X)[:5]


@case(versions=["1.3", "1.9"])
def sparse_constant():
    X = columns()
    return SplineTransformer(n_knots=4, sparse_output=True).fit(X), around(X)


@case(versions=["1.3", "1.9"])
def sparse_linear():
    X = columns()
    return SplineTransformer(n_knots=4, sparse_output=True, extrapolation="linear").fit(X), around(X)


@case(versions=["1.3", "1.9"])
def sparse_periodic():
    X = columns()
    return SplineTransformer(n_knots=5, sparse_output=True, extrapolation="periodic", include_bias=False).fit(X), around(X)


@case(since="1.8")
def missing_as_zeros():
    X, _ = penguins()
    X = X.select_dtypes("number").iloc[:, :2]
    return SplineTransformer(n_knots=4, handle_missing="zeros", extrapolation="continue").fit(X), X.iloc[:12]


@case(since="1.8")
def missing_as_zeros_constant():
    X, _ = penguins()
    X = X.select_dtypes("number").iloc[:, :2]
    return SplineTransformer(n_knots=4, handle_missing="zeros").fit(X), X.iloc[:12]


@case(versions=["1.9"], unsupported=True)
def sparse_missing():
    X, _ = penguins()
    X = X.select_dtypes("number").iloc[:, :2]
    model = SplineTransformer(n_knots=4, handle_missing="zeros", sparse_output=True, extrapolation="continue")
    return model.fit(X), None


@case(versions=["1.9"], refused=True)
def missing():
    X = columns()
    model = SplineTransformer().fit(X)
    X[1, 1] = float("nan")
    return model, X[:3]
