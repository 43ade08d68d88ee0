import numpy
from golden import case, iris
from sklearn.impute import MissingIndicator

FEW = ["0.20", "0.22", "1.2", "1.9"]


def gaps():
    X, _ = iris()
    X[::4, 0] = numpy.nan
    X[1::6, 2] = numpy.nan
    return X


@case()
def missing_only():
    return MissingIndicator().fit(gaps()), gaps()[:8]


@case(versions=["0.22", "1.9"])
def all_columns_sparse():
    return MissingIndicator(features="all", sparse=True).fit(gaps()), gaps()[:8]


@case(versions=["0.22", "1.9"])
def new_gaps_accepted():
    rows = gaps()[:8]
    rows[3, 1] = numpy.nan
    return MissingIndicator(error_on_new=False).fit(gaps()), rows


@case(versions=["0.22", "1.9"])
def zero_is_missing():
    X = numpy.round(iris()[0])
    return MissingIndicator(missing_values=0).fit(X), X[:8]


@case(refused=True, versions=["0.22", "1.9"])
def new_gaps_refused():
    rows = gaps()[:4]
    rows[3, 1] = numpy.nan
    return MissingIndicator().fit(gaps()), rows
