from golden import case, cancer, digits, edge_rows, iris, wine
from sklearn.mixture import BayesianGaussianMixture, GaussianMixture

FEW = ["0.20", "0.24", "1.2", "1.8", "1.9"]


def rows_of(model, X):
    """OpenBLAS has other code for the last one to three rows of a block, so there are as many as four goes into."""
    rows = edge_rows(model, X)
    return rows[: len(rows) // 4 * 4]


def plain(X, kind, **options):
    model = GaussianMixture(covariance_type=kind, random_state=0, reg_covar=0.01, **options).fit(X)
    return model, rows_of(model, X)


def bayesian(X, kind, **options):
    model = BayesianGaussianMixture(covariance_type=kind, random_state=0, reg_covar=0.01, max_iter=20, **options).fit(X)
    return model, rows_of(model, X)


@case()
def full():
    return plain(iris()[0], "full", n_components=3)


@case(versions=FEW)
def tied():
    return plain(iris()[0], "tied", n_components=3)


@case(versions=FEW)
def diagonal():
    return plain(wine()[0], "diag", n_components=3)


@case(versions=FEW)
def spherical():
    return plain(iris()[0], "spherical", n_components=4)


@case(versions=["1.2", "1.9"])
def spherical_of_a_frame():
    return plain(iris(frame=True)[0], "spherical", n_components=2)


@case(versions=["1.2", "1.9"])
def full_of_a_frame():
    return plain(cancer(frame=True)[0], "full", n_components=2)


@case(versions=FEW)
def one_diagonal():
    return plain(wine()[0], "diag")


@case(versions=FEW)
def one_feature():
    return plain(wine()[0][:, 1:2], "full", n_components=2)


@case(versions=FEW)
def ten_features_and_nine_gaussians():
    return plain(digits()[0][:, 2:12].copy(), "tied", n_components=9)


@case()
def bayesian_process():
    return bayesian(iris()[0], "full", n_components=3)


@case(versions=FEW)
def bayesian_distribution():
    return bayesian(wine()[0], "diag", n_components=3, weight_concentration_prior_type="dirichlet_distribution")


@case(versions=FEW)
def bayesian_tied():
    return bayesian(iris()[0], "tied", n_components=4, weight_concentration_prior=5)


@case(versions=FEW)
def bayesian_spherical():
    return bayesian(iris()[0], "spherical", n_components=2)


@case(versions=["1.9"], unsupported=True)
def precisions_of_other_features():
    X, _ = iris()
    model = GaussianMixture(n_components=2, random_state=0).fit(X)
    model.precisions_cholesky_ = model.precisions_cholesky_[:, :3]
    return model, None
