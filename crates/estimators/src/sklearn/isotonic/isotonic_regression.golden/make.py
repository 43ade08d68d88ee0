import numpy
from golden import case, diabetes, iris
from sklearn.isotonic import IsotonicRegression

BOTH = ["predict", "transform"]
FEW = ["0.20", "0.21", "0.23", "0.24", "1.2", "1.9"]


def points():
    X, y = diabetes()
    return X[:, 2].copy(), y


def rows(x, beyond=True):
    """Points, between them, and beyond them."""
    places = numpy.sort(x)
    inside = numpy.concatenate([x[:6], (places[1:9] + places[:8]) / 2, [places[0], places[-1], -0.0, 1e-300]])
    return numpy.concatenate([inside, [places[0] - 1.0, 7.0, 1e300]]) if beyond else inside


@case(methods=BOTH)
def outside_is_nan():
    x, y = points()
    return IsotonicRegression().fit(x, y), rows(x)


@case(methods=BOTH)
def outside_is_clipped():
    x, y = points()
    return IsotonicRegression(out_of_bounds="clip").fit(x, y), rows(x)


@case(versions=FEW, methods=BOTH)
def outside_is_refused():
    x, y = points()
    return IsotonicRegression(out_of_bounds="raise", y_min=60, y_max=200).fit(x, y), rows(x, beyond=False)


@case(versions=["1.9"], refused=True, methods=BOTH)
def outside():
    x, y = points()
    return IsotonicRegression(out_of_bounds="raise").fit(x, y), rows(x)[-1:]


@case(versions=["0.20"], methods=BOTH)
def gaps_and_infinities():
    x, y = points()
    return IsotonicRegression(out_of_bounds="clip").fit(x, y), numpy.array([float("nan"), float("inf"), float("-inf"), 0.01])


@case(versions=["0.21", "1.9"], refused=True, methods=BOTH)
def gap():
    x, y = points()
    return IsotonicRegression(out_of_bounds="clip").fit(x, y), numpy.array([float("nan")])


@case(versions=["0.22", "1.9"], methods=BOTH)
def decreasing():
    X, y = iris()
    return IsotonicRegression(increasing="auto", out_of_bounds="clip").fit(X[:, 1], y), rows(X[:, 1])


@case(versions=["0.24", "1.9"], methods=BOTH)
def table_of_one_column():
    x, y = points()
    return IsotonicRegression().fit(x.reshape(-1, 1), y), rows(x).reshape(-1, 1)


@case(versions=["0.20", "1.9"], methods=BOTH)
def one_point():
    return IsotonicRegression().fit([2.0, 2.0], [1.0, 4.0]), numpy.array([2.0, 0.5, 3.0])


@case(versions=["0.22", "1.9"], unsupported=True)
def single_precision():
    x, y = points()
    return IsotonicRegression().fit(x.astype("float32"), y), None
