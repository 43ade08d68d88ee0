from golden import case, edge_rows, iris, wine
from sklearn.decomposition import FactorAnalysis

WHY = "LAPACK inverts matrices in an order of its own"
LAPACK = {"transform": (1e-15, WHY), "score_samples": (1e-15, WHY)}


@case(tolerance=LAPACK)
def two_factors():
    X, _ = iris()
    model = FactorAnalysis(2, random_state=0).fit(X)
    return model, X[:12]


@case(versions=["0.21", "1.2", "1.9"], tolerance=LAPACK)
def all_factors():
    X, _ = iris()
    return FactorAnalysis(4, svd_method="lapack").fit(X), X[:10]


@case(versions=["0.22", "1.9"], tolerance=LAPACK)
def default_number_of_factors():
    X, _ = wine(frame=True)
    return FactorAnalysis(random_state=0).fit(X), X[:10]


@case(versions=["0.24", "1.9"], tolerance=LAPACK)
def rotated():
    X, _ = wine()
    model = FactorAnalysis(3, rotation="varimax", random_state=0).fit(X)
    return model, edge_rows(model, X)
