import numpy
from golden import case, digits, wine
from sklearn.cluster import FeatureAgglomeration

BOTH = ["transform", "inverse_transform"]
FEW = ["0.20", "0.24", "1.2", "1.9"]


def pooled(function, n_clusters=5):
    X, _ = digits()
    return FeatureAgglomeration(n_clusters=n_clusters, pooling_func=function).fit(X[:, 1:31]), X[:8, 1:31] / 7


@case(methods=BOTH)
def means():
    X, _ = wine()
    return FeatureAgglomeration(n_clusters=3).fit(X), X[:12] / 3


@case(versions=FEW, methods=BOTH)
def means_of_many_columns():
    return pooled(numpy.mean)


@case(versions=FEW)
def medians():
    return pooled(numpy.median)


@case(versions=FEW)
def sums():
    return pooled(numpy.sum)


@case(versions=FEW)
def products():
    return pooled(numpy.prod)


@case(versions=FEW)
def largest():
    return pooled(numpy.max)


@case(versions=FEW)
def smallest():
    return pooled(numpy.min)


@case(versions=FEW)
def ranges():
    return pooled(numpy.ptp)


@case(versions=FEW)
def deviations():
    return pooled(numpy.std)


@case(versions=["1.2", "1.9"])
def variances():
    return pooled(numpy.var, n_clusters=2)


@case(versions=["1.9"], unsupported=True)
def unknown_function():
    return pooled(numpy.nanmean)[0], None


def of_two_zeros(function):
    """Rows of 0.0 and -0.0: numpy since 1.22 gives the later one."""
    X, _ = wine()
    model = FeatureAgglomeration(n_clusters=3, pooling_func=function).fit(X)
    rows = X[:6].copy()
    rows[1:] = 0
    rows[1, 0] = rows[2, -1] = rows[3, ::2] = rows[4, 1::2] = rows[5, 4:9] = -0.0
    return model, rows


@case(versions=["1.2", "1.9"])
def larger_of_two_zeros():
    return of_two_zeros(numpy.max)


@case(versions=["1.2", "1.9"])
def smaller_of_two_zeros():
    return of_two_zeros(numpy.min)
