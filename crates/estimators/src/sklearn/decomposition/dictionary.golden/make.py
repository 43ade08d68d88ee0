from golden import at_least, case, digits, iris
from sklearn.decomposition import DictionaryLearning, MiniBatchDictionaryLearning, SparseCoder

BOTH = ["transform", "inverse_transform"] if at_least("1.7") else ["transform"]
FEW = ["0.21", "0.22", "1.0", "1.2", "1.7", "1.8", "1.9"]
WHY = "LAPACK solves triangular systems in an order of its own"
STEPS = {"max_iter": 5} if at_least("1.2") else {"n_iter": 20}
SUM = {method: (1e-13, WHY) for method in BOTH}


def magnified(relative):
    return {method: (relative, WHY + ", and nearly dependent atoms magnify the rounding") for method in BOTH}


def atoms():
    """Ten of the digits, of length 1."""
    X, _ = digits()
    rows = X[10:20, :30]
    return rows / (rows**2).sum(axis=1, keepdims=True) ** 0.5


def coder(algorithm, **more):
    """A coder and rows for it: ordinary ones, one of zeros, one that is an atom."""
    X, _ = digits()
    rows = X[:10, :30].copy()
    rows[3] = 0
    rows[4] = 3 * atoms()[2]
    model = SparseCoder(atoms(), transform_algorithm=algorithm, **more)
    return (model.fit(rows) if at_least("1.8") else model), rows


@case(methods=BOTH, tolerance=SUM)
def learned():
    X, _ = iris()
    return DictionaryLearning(3, alpha=0.5, max_iter=20, random_state=0).fit(X), X[:10]


@case(methods=BOTH, tolerance=SUM)
def learned_in_small_batches():
    X, _ = iris(frame=True)
    return MiniBatchDictionaryLearning(3, transform_n_nonzero_coefs=2, random_state=0, **STEPS).fit(X), X[:10]


@case(versions=["1.0", "1.1", "1.2", "1.9"], methods=BOTH)
def penalty_of_the_fit():
    X, _ = iris()
    return DictionaryLearning(3, alpha=0.5, max_iter=20, transform_algorithm="threshold", random_state=0).fit(X), X[:10]


@case(methods=BOTH, tolerance=SUM)
def matching_pursuit():
    return coder("omp")


@case(versions=FEW, methods=BOTH, tolerance=SUM)
def five_atoms():
    return coder("omp", transform_n_nonzero_coefs=5)


@case(versions=FEW, methods=BOTH, tolerance=SUM)
def least_angle():
    return coder("lars", transform_n_nonzero_coefs=6)


@case(versions=FEW, methods=BOTH, tolerance=SUM)
def lasso_by_least_angle():
    return coder("lasso_lars", transform_alpha=3.0)


@case(versions=FEW, methods=BOTH, tolerance=SUM)
def lasso_to_the_end():
    return coder("lasso_lars", transform_alpha=0.01, split_sign=True)


@case(versions=FEW, methods=BOTH, tolerance=magnified(1e-10))
def positive_lasso_by_least_angle():
    return coder("lasso_lars", transform_alpha=0.5, positive_code=True)


@case(versions=FEW, methods=BOTH, tolerance=magnified(1e-12))
def lasso_by_descent():
    return coder("lasso_cd", transform_alpha=2.0)


@case(versions=["0.22", "1.7", "1.8", "1.9"], methods=BOTH, tolerance=magnified(2e-11))
def positive_lasso_by_descent():
    return coder("lasso_cd", transform_alpha=0.5, positive_code=True, transform_max_iter=50)


@case(versions=FEW, methods=BOTH)
def threshold():
    return coder("threshold", transform_alpha=30.0)


@case(versions=["0.21", "1.9"], methods=BOTH)
def positive_threshold():
    return coder("threshold", transform_alpha=20.0, positive_code=True, split_sign=True)


@case(versions=["1.9"], unsupported=True)
def unknown_algorithm():
    model, _ = coder("omp")
    model.transform_algorithm = "other"
    return model, None
