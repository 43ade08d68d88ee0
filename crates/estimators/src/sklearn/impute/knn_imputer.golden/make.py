import numpy
from golden import at_least, case, diabetes, iris, penguins, wine

if at_least("0.22"):
    from sklearn.impute import KNNImputer

FEW = ["0.22", "1.0", "1.2", "1.5", "1.6", "1.9"]
NAN = float("nan")


def gaps(X, every=5):
    X = X.copy()
    cells = X.reshape(-1)
    cells[::every] = NAN
    cells[3 :: every + 2] = NAN
    return X


def declare(name, parameters, versions=FEW, data=wine, every=5, change=lambda X: X):
    def fitted():
        X = change(gaps(data()[0], every))
        rows = numpy.concatenate([X[:16] * 1.01 + 0.003, gaps(data()[0], 4)[20:24] * 0.99])
        return KNNImputer(**parameters).fit(X), rows

    fitted.__name__ = name
    case(versions=versions, since="0.22")(fitted)


def empty_second(X):
    X[:, 1] = NAN
    return X


declare("uniform", {"n_neighbors": 3}, "all")
declare("many_neighbors", {"n_neighbors": 19, "weights": "distance"}, data=diabetes)
declare("more_neighbors_than_rows", {"n_neighbors": 100}, data=diabetes, every=3)
declare("by_distance", {"n_neighbors": 4, "weights": "distance"})
declare("with_indicator", {"n_neighbors": 3, "add_indicator": True})
declare("empty_column", {"n_neighbors": 3}, change=empty_second)
if at_least("1.2"):
    declare("kept_empty_column", {"n_neighbors": 3, "keep_empty_features": True}, ["1.2", "1.9"], change=empty_second)


@case(since="0.22", versions=["0.22", "1.5", "1.6", "1.9"])
def nothing_in_common():
    X = numpy.array([[1.0, NAN, NAN], [2.5, NAN, NAN], [NAN, 3.0, NAN], [NAN, 4.5, 1.0], [NAN, 6.0, 2.0]])
    return KNNImputer(n_neighbors=3).fit(X), numpy.array([[1.0, NAN, NAN], [NAN, NAN, NAN], [NAN, 4.0, NAN], [NAN, NAN, 1.5]])


def pixels(count):
    """Of four pixels with 17 grey values and gaps: most rows are equally near to several."""
    from sklearn.datasets import load_digits

    return gaps(load_digits(return_X_y=True)[0][:count, [2, 3, 10, 11]], 4)


@case(since="0.22", versions=["0.22", "1.5", "1.9"])
def squares_that_overflow():
    rows = pixels(66)[60:]
    rows[numpy.isnan(rows)], rows[:, 2] = 1e300, NAN
    rows[3:, 2], rows[3:, 0] = -1e180, NAN
    return KNNImputer(n_neighbors=3).fit(pixels(20)), rows


# The numpy that made the file decides, not scikit-learn's version.
@case(since="0.22", versions=FEW + ["1.4", "1.4.2+numpy2.0.2", "1.7", "1.7.2+numpy1.26.4"])
def equally_near():
    return KNNImputer(n_neighbors=5).fit(pixels(60)), pixels(84)[60:]


# More than 256, which AVX2 and AVX-512 divide otherwise; this is AVX2.
@case(since="0.22", versions=["0.22", "1.4", "1.5", "1.7", "1.9"], dump="joblib", compress=3)
def equally_near_of_many():
    return KNNImputer(n_neighbors=3, weights="distance").fit(pixels(600)), pixels(624)[600:]


@case(since="0.22", versions=FEW)
def number_for_missing():
    X = numpy.round(iris()[0], 1)
    X[::3, 1] = -1
    X[1::4, 2] = -1
    return KNNImputer(n_neighbors=2, missing_values=-1, weights="distance").fit(X), X[:12] * 1.0


@case(since="0.22", versions=FEW)
def frame():
    X, _ = penguins()
    X = X[["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]]
    rows = X.iloc[:8] * 1.001
    rows.iloc[::2, 1] = NAN
    return KNNImputer(n_neighbors=4).fit(X), rows


@case(versions=["1.9"], unsupported=True)
def metric_of_its_own():
    import math

    return KNNImputer(metric=math.dist).fit(iris()[0]), None
