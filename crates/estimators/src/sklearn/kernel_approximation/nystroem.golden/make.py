import numpy
from golden import case, documents, edge_rows, iris, linnerud, wine
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.kernel_approximation import Nystroem
from sklearn.pipeline import make_pipeline

FEW = ["0.22", "1.2", "1.9"]
TANH = "numpy from 1.22 has its own tanh, 1 ulp from the C library's, and the normalization enlarges that"


def rows_of(model, X):
    """OpenBLAS has other code for the last one to three rows of a block, so there are as many as four goes into."""
    rows = edge_rows(model, X)
    return rows[: len(rows) // 4 * 4]


def fitted(X, **options):
    model = Nystroem(random_state=0, **options).fit(X)
    return model, rows_of(model, X)


@case()
def rbf():
    X, _ = wine()
    return fitted(X, gamma=0.001, n_components=6)


@case(versions=FEW)
def gamma_by_features():
    X, _ = iris()
    return fitted(X, n_components=5)


@case(versions=FEW)
def polynomial():
    X, _ = iris()
    return fitted(X, kernel="polynomial", degree=2, coef0=1.5, n_components=5)


@case(versions=FEW)
def linear():
    X, _ = iris()
    return fitted(X, kernel="linear", n_components=3)


@case(versions=FEW)
def laplacian():
    X, _ = linnerud()
    return fitted(X, kernel="laplacian", gamma=0.01, n_components=5)


@case(versions=FEW)
def cosine():
    X, _ = iris()
    return fitted(X, kernel="cosine", n_components=3)


@case(versions=FEW)
def chi2():
    X, _ = iris()
    return fitted(X, kernel="chi2", n_components=5)


@case(versions=FEW, tolerance={"transform": (1e-12, TANH)})
def sigmoid():
    X, _ = iris()
    return fitted(X, kernel="sigmoid", gamma=0.01, coef0=0.1, n_components=3)


@case(versions=FEW)
def words():
    lines = documents()
    model = make_pipeline(TfidfVectorizer(max_features=12), Nystroem(n_components=4, random_state=0))
    return model.fit(lines), lines[:8]


@case(versions=["1.9"], unsupported=True)
def a_function():
    X, _ = iris()
    return Nystroem(kernel=numpy.dot, n_components=3, random_state=0).fit(X), None


@case(versions=["1.9"], unsupported=True)
def further_parameters():
    X, _ = iris()
    return Nystroem(kernel="poly", kernel_params={"degree": 2}, n_components=3, random_state=0).fit(X), None
