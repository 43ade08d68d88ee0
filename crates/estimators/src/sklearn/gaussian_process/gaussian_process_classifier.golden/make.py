from golden import cancer, case, edge_rows, iris
from sklearn.gaussian_process import GaussianProcessClassifier
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, Matern

FEW = ["0.22", "1.2", "1.9"]
PROBA = {"predict_proba": (1e-11, "weights in the thousands cancel, and LAPACK solves in an order of its own")}


def rows_of(model, X, methods=None):
    """OpenBLAS has other code for the last one to three rows of a block, so there are as many as four goes into."""
    rows = edge_rows(model, X, methods)
    return rows[: len(rows) // 4 * 4]


@case(tolerance=PROBA)
def two_classes():
    X, y = iris()
    X, y = X[17::2], y[17::2] > 1
    model = GaussianProcessClassifier(1.0 * RBF(1.0), random_state=0).fit(X, y)
    return model, rows_of(model, X)


@case(tolerance=PROBA)
def the_classifier_inside():
    X, y = iris()
    X, y = X[17::3], y[17::3]
    model = GaussianProcessClassifier(RBF(1.0), optimizer=None).fit(X, y).base_estimator_
    return model, X[:12]


@case(versions=FEW, tolerance=PROBA)
def texts_and_matern():
    X, y = cancer(frame=True)
    X, y = X[::3].copy() / 100, y[::3].astype(str)
    model = GaussianProcessClassifier(ConstantKernel(2.0) * Matern(1.0), optimizer=None).fit(X, y)
    return model, rows_of(model, X)


@case(versions=FEW, tolerance=PROBA)
def one_versus_rest():
    X, y = iris()
    model = GaussianProcessClassifier(RBF(1.0), optimizer=None).fit(X[::5], y[::5])
    return model, rows_of(model, X)


@case(versions=FEW, methods=["predict"])
def one_versus_one():
    X, y = iris()
    model = GaussianProcessClassifier(RBF(1.0), optimizer=None, multi_class="one_vs_one").fit(X[::4], y[::4].astype(str))
    return model, rows_of(model, X, ["predict"])
