import warnings

import numpy
from golden import case, digits, iris, wine
from scipy.sparse import csr_matrix
from sklearn.semi_supervised import LabelPropagation, LabelSpreading

FEW = ["0.20", "0.22", "1.0", "1.3", "1.9"]
warnings.simplefilter("ignore")  # training that stops before it converges


def partly_labelled(y):
    y = numpy.array(y)
    y[::3] = -1
    return y


def near_and_far(X):
    rows = X[:14] + 0.1
    rows[1, 2] = -0.0
    rows[2] = 1e3
    return rows


@case()
def propagation():
    X, y = iris()
    return LabelPropagation(gamma=2.5, max_iter=100).fit(X, partly_labelled(y)), near_and_far(X)


@case()
def spreading():
    X, y = iris()
    return LabelSpreading(gamma=0.5, alpha=0.3).fit(X, partly_labelled(y)), near_and_far(X)


@case(versions=FEW)
def many_columns():
    X, y = digits()
    X = X[:40, 2:30] / 16.0
    return LabelPropagation(gamma=0.7, max_iter=20).fit(X, partly_labelled(y[:40])), X[:10] + 0.01


@case(versions=["0.24", "1.9"])
def frame():
    X, y = wine(frame=True)
    return LabelSpreading(gamma=0.1).fit(X, partly_labelled(y)), X[:12]


@case(versions=FEW)
def nearest():
    X, y = iris()
    return LabelPropagation(kernel="knn", n_neighbors=4, max_iter=100).fit(X, partly_labelled(y)), near_and_far(X)


@case()
def spreading_to_the_nearest():
    X, y = iris()
    return LabelSpreading(kernel="knn", n_neighbors=9).fit(X, partly_labelled(y)), near_and_far(X)


@case(versions=["1.9"], unsupported=True)
def kernel_of_sparse_rows():
    X, y = iris()
    return LabelSpreading().fit(csr_matrix(X), partly_labelled(y)), None
