from golden import at_least, case, iris, wine

if at_least("0.24"):
    from sklearn.kernel_approximation import PolynomialCountSketch

FOURIER = "scipy multiplies Fourier transforms, whose rounding depends on its version's library"
CLOSE = {"transform": (1e-13, FOURIER)}


@case(since="0.24", tolerance=CLOSE)
def two_degrees():
    X, _ = iris()
    return PolynomialCountSketch(n_components=3, coef0=1, random_state=0).fit(X), X[:10]


@case(since="0.24", versions=["0.24", "1.9"], tolerance=CLOSE)
def three_degrees_and_a_constant():
    X, _ = wine()
    model = PolynomialCountSketch(degree=3, gamma=0.1, coef0=2, n_components=4, random_state=1)
    return model.fit(X[:, :4]), X[:8, :4]


@case(versions=["1.9"], tolerance=CLOSE)
def one_degree():
    X, _ = iris(frame=True)
    return PolynomialCountSketch(degree=1, n_components=2, random_state=0).fit(X), X[:8]


@case(versions=["1.9"], unsupported=True)
def group_that_is_not_there():
    X, _ = iris()
    model = PolynomialCountSketch(n_components=5, random_state=0).fit(X)
    model.indexHash_[0, 0] = 5
    return model, None
