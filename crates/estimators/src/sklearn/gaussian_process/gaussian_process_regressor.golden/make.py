import numpy
from golden import case, diabetes, edge_rows, iris, linnerud
from sklearn.datasets import load_linnerud
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import (
    RBF,
    ConstantKernel,
    DotProduct,
    ExpSineSquared,
    Matern,
    PairwiseKernel,
    RationalQuadratic,
    WhiteKernel,
)

FEW = ["0.20", "0.23", "1.0", "1.2", "1.9"]
THREE = ["0.22", "1.2", "1.9"]
PREDICT = ["predict"]
BOTH = ["predict", "predict_with_std"]
SOLVED = {"predict_with_std": (1e-12, "the variance is a difference, and LAPACK solves for it in an order of its own")}


def rows_of(model, X):
    """OpenBLAS has other code for the last one to three rows of a block, so there are as many as four goes into."""
    rows = edge_rows(model, X, PREDICT)
    return rows[: len(rows) // 4 * 4]


def fitted(kernel, X, y, **options):
    model = GaussianProcessRegressor(kernel, alpha=options.pop("alpha", 0.1), random_state=0, **options).fit(X, y)
    return model, rows_of(model, X)


def small():
    X, y = diabetes()
    return X[:20, :4] * 10, y[:20] / 100


@case(methods=BOTH, tolerance=SOLVED)
def rbf():
    X, y = small()
    return fitted(ConstantKernel(2.0) * RBF(1.5) + WhiteKernel(0.2), X, y)


@case(versions=FEW, methods=PREDICT)
def default_kernel():
    X, y = small()
    return fitted(None, X, y)


@case(versions=FEW, methods=BOTH, tolerance=SOLVED)
def normalized():
    X, y = small()
    return fitted(RBF([1.0, 2.0, 0.5, 3.0]), X, y + 10, normalize_y=True)


@case(versions=FEW, methods=PREDICT)
def three_targets():
    bunch = load_linnerud()
    return fitted(RBF(30.0), bunch.data, bunch.target, optimizer=None)


@case(versions=["1.0", "1.2", "1.9"], methods=BOTH, tolerance=SOLVED)
def three_normalized_targets():
    bunch = load_linnerud()
    return fitted(RBF(30.0), bunch.data, bunch.target, optimizer=None, normalize_y=True)


@case(versions=FEW, methods=PREDICT)
def one_target_in_a_column():
    X, y = small()
    return fitted(RBF(1.0), X, y[:, numpy.newaxis])


@case(versions=THREE, methods=BOTH, tolerance=SOLVED)
def matern_half():
    X, y = small()
    return fitted(Matern(1.0, nu=0.5), X, y)


@case(versions=THREE, methods=BOTH, tolerance=SOLVED)
def matern_three_halves():
    X, y = small()
    return fitted(Matern(1.0, nu=1.5), X, y)


@case(versions=THREE, methods=BOTH, tolerance=SOLVED)
def matern_five_halves():
    X, y = small()
    return fitted(Matern([1.0, 2.0, 1.0, 2.0], nu=2.5), X, y)


@case(versions=["0.23", "1.2", "1.9"], methods=PREDICT)
def matern_infinite():
    X, y = small()
    return fitted(Matern(1.0, nu=numpy.inf), X, y)


@case(
    versions=THREE,
    methods=PREDICT,
    tolerance={"predict": (1e-12, "the Bessel function comes from an integral, scipy's from AMOS")},
)
def matern_of_another_order():
    X, y = small()
    return fitted(Matern(1.0, nu=0.8), X, y, optimizer=None)


@case(versions=THREE, methods=PREDICT)
def rational_quadratic():
    X, y = small()
    return fitted(RationalQuadratic(1.0, 0.7), X, y)


@case(
    versions=THREE,
    methods=PREDICT)
def exp_sine_squared():
    X, y = small()
    return fitted(ExpSineSquared(1.0, 2.0), X[:, 2:3].copy(), y, optimizer=None)


@case(versions=THREE, methods=BOTH, tolerance=SOLVED)
def dot_product_squared():
    X, y = small()
    return fitted(DotProduct(0.5) ** 2, X, y, optimizer=None)


@case(versions=THREE, methods=PREDICT)
def sums_and_products():
    X, y = small()
    return fitted(0.5 * RBF(1.0) + 2.0 * RationalQuadratic(1.0, 0.5) * DotProduct(1.0), X, y, optimizer=None)


@case(versions=THREE, methods=PREDICT)
def pairwise_rbf():
    X, y = small()
    return fitted(PairwiseKernel(0.3, metric="rbf"), X, y, optimizer=None)


@case(versions=THREE, methods=BOTH, tolerance=SOLVED)
def pairwise_laplacian():
    X, y = linnerud()
    return fitted(PairwiseKernel(0.01, metric="laplacian"), X, y, optimizer=None)


@case(versions=["1.2", "1.9"], methods=PREDICT)
def dot_product_of_a_frame():
    X, y = linnerud(frame=True)
    return fitted(DotProduct(10.0), X, y, optimizer=None)


@case(versions=["1.9"], unsupported=True)
def pairwise_of_a_function():
    X, y = iris()
    model = GaussianProcessRegressor(RBF(1.0), optimizer=None).fit(X[::5], y[::5])
    model.kernel_ = PairwiseKernel(metric=numpy.dot)
    return model, None
