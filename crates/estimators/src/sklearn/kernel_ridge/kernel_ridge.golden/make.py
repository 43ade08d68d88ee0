import numpy
from golden import case, diabetes, documents, edge_rows, iris, linnerud
from sklearn.datasets import load_linnerud
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.kernel_ridge import KernelRidge
from sklearn.pipeline import Pipeline

FEW = ["0.22", "1.2", "1.9"]


def rows_of(model, X):
    """OpenBLAS has other code for the last one to three rows of a block, so there are as many as four goes into."""
    rows = edge_rows(model, X)
    return rows[: len(rows) // 4 * 4]


def fitted(X, y, **options):
    model = KernelRidge(**options).fit(X, y)
    return model, rows_of(model, X)


@case()
def rbf():
    X, y = diabetes()
    return fitted(X[:30], y[:30], kernel="rbf", alpha=0.1)


@case(versions=FEW)
def linear():
    X, y = diabetes()
    return fitted(X[:30], y[:30])


@case(versions=FEW)
def polynomial():
    X, y = diabetes()
    return fitted(X[:29], y[:29], kernel="polynomial", degree=3, gamma=2.0)


@case(versions=FEW)
def squares_and_roots():
    X, y = linnerud()
    return fitted(X, y, kernel="poly", degree=2, gamma=0.001, coef0=0.5)


@case(versions=FEW, tolerance={"predict": (1e-15, "numpy from 1.22 has its own tanh, 1 ulp from the C library's")})
def sigmoid():
    X, y = diabetes()
    return fitted(X[:28], y[:28], kernel="sigmoid", gamma=0.5, coef0=0.1)


@case(versions=FEW)
def laplacian():
    X, y = linnerud()
    return fitted(X, y, kernel="laplacian", gamma=0.01)


@case(versions=FEW)
def cosine():
    X, y = iris()
    return fitted(X[::2], y[::2], kernel="cosine")


@case(versions=FEW)
def cosine_of_a_frame():
    X, y = linnerud(frame=True)
    return fitted(X, y, kernel="cosine")


@case(versions=FEW)
def chi2():
    X, y = iris()
    return fitted(X[::2], y[::2], kernel="chi2", gamma=0.7)


@case(versions=FEW)
def additive_chi2():
    X, y = iris()
    return fitted(X[::2], y[::2], kernel="additive_chi2")


@case(versions=FEW)
def three_targets():
    bunch = load_linnerud()
    return fitted(bunch.data, bunch.target, kernel="rbf", gamma=0.0003)


@case(versions=FEW)
def rbf_of_a_frame():
    X, y = linnerud(frame=True)
    return fitted(X, y, kernel="rbf", gamma=0.0003)


@case(versions=FEW)
def of_words():
    words = CountVectorizer(max_features=12, binary=True)
    model = Pipeline([("words", words), ("ridge", KernelRidge(kernel="rbf", gamma=0.05))])
    return model.fit(documents(), numpy.arange(20.0)), documents()[:12]


@case(versions=FEW)
def cosine_of_words():
    model = Pipeline([("words", CountVectorizer(max_features=12)), ("ridge", KernelRidge(kernel="cosine"))])
    return model.fit(documents(), numpy.arange(20.0)), documents()[:12]


@case(versions=FEW)
def laplacian_of_words():
    model = Pipeline([("words", CountVectorizer(max_features=12)), ("ridge", KernelRidge(kernel="laplacian"))])
    return model.fit(documents(), numpy.arange(20.0)), documents()[:12]


@case(versions=["1.9"], unsupported=True)
def a_function():
    X, y = iris()
    return KernelRidge(kernel=numpy.dot).fit(X[::4], y[::4]), None


@case(versions=["1.9"], unsupported=True)
def precomputed():
    X, y = iris()
    return KernelRidge(kernel="precomputed").fit(X @ X.T, y), None
