import numpy
from golden import at_least, case, iris
from sklearn.decomposition import KernelPCA

BOTH = ["transform", "inverse_transform"]
WHY = "numpy's einsum adds the squares of the components in another order"
SQUARES = "exact" if at_least("1.0") else {"inverse_transform": (5e-15, WHY)}
FEW = ["0.21", "0.22", "0.24", "1.0", "1.3", "1.9"]


@case(methods=["transform"])
def linear():
    X, _ = iris()
    rows = X[:12].copy()
    rows[1, 0] = -0.0
    rows[2] = 1e6
    return KernelPCA(2).fit(X[::3]), rows


@case(versions=FEW, methods=BOTH, tolerance=SQUARES)
def rbf():
    X, _ = iris()
    return KernelPCA(3, kernel="rbf", gamma=0.3, fit_inverse_transform=True, alpha=0.1).fit(X[::4]), X[:10]


@case(versions=FEW, methods=BOTH)
def default_gamma():
    X, _ = iris(frame=True)
    return KernelPCA(2, kernel="rbf", fit_inverse_transform=True).fit(X[::4]), X[:10]


@case(versions=["0.23"], methods=["transform"])
def inverse_by_place():
    X, _ = iris()
    return KernelPCA(2, kernel="rbf", fit_inverse_transform=True).fit(X[::4]), X[:10]


@case(versions=FEW, methods=["transform"])
def polynomial():
    X, _ = iris()
    return KernelPCA(2, kernel="poly", degree=2, gamma=0.1, coef0=0.5).fit(X[::4]), X[:10]


@case(versions=["0.22", "1.9"], methods=["transform"])
def cosine():
    X, _ = iris()
    return KernelPCA(2, kernel="cosine").fit(X[::4]), X[:10]


@case(versions=["0.22", "1.0", "1.9"], methods=["transform"])
def eigenvalues_of_zero():
    X, _ = iris()
    return KernelPCA(8, kernel="linear").fit(X[::6]), X[:10]


@case(versions=["0.22", "1.9"], methods=["transform"])
def all_above_zero():
    X, _ = iris()
    return KernelPCA(kernel="rbf", gamma=0.1).fit(X[::7]), X[:10]


@case(versions=["0.22", "1.9"], methods=["transform"])
def precomputed():
    X, _ = iris()
    train = X[::5]
    return KernelPCA(2, kernel="precomputed").fit(train @ train.T), X[:10] @ train.T


@case(versions=["1.9"], unsupported=True)
def function():
    X, _ = iris()
    return KernelPCA(2, kernel=numpy.dot).fit(X[::6]), None
