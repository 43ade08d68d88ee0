from golden import at_least, case, digits, iris, wine
from sklearn.decomposition import MiniBatchSparsePCA, SparsePCA

BOTH = ["transform", "inverse_transform"] if at_least("1.2") else ["transform"]
FEW = ["0.21", "0.23", "1.1", "1.2", "1.9"]
# What became the only way in 0.22.
NORMAL = {} if at_least("0.22") else {"normalize_components": True}
WHY = "LAPACK's Cholesky factors and solutions are rounded in another order"
LAPACK = {method: (1e-14, WHY) for method in BOTH}
STEPS = {"max_iter": 5} if at_least("1.2") else {"n_iter": 20}


@case(methods=BOTH, tolerance=LAPACK)
def two_components():
    X, _ = iris()
    rows = X[:12].copy()
    rows[1, 0] = -0.0
    rows[2] = 1e6
    return SparsePCA(2, alpha=0.5, random_state=0, **NORMAL).fit(X), rows


@case(methods=BOTH, tolerance=LAPACK)
def in_small_batches():
    X, _ = iris()
    return MiniBatchSparsePCA(3, alpha=0.5, random_state=0, **STEPS, **NORMAL).fit(X), X[:10]


@case(versions=FEW, methods=BOTH, tolerance=LAPACK)
def more_components_than_columns():
    X, _ = iris()
    return SparsePCA(6, alpha=0.1, max_iter=50, random_state=0, **NORMAL).fit(X), X[:10]


@case(versions=["0.22", "1.9"], methods=BOTH)
def coordinate_descent():
    X, _ = wine(frame=True)
    return SparsePCA(3, ridge_alpha=1.5, method="cd", random_state=0).fit(X), X[:10]


@case(versions=["1.9"], methods=BOTH, tolerance=LAPACK)
def many_components():
    X, _ = digits()
    return SparsePCA(7, alpha=5, max_iter=5, random_state=0).fit(X[:, :20]), X[:6, :20]


@case(versions=["0.20", "0.21"], unsupported=True)
def norms_of_a_block():
    X, _ = iris()
    return SparsePCA(2, random_state=0).fit(X), None
