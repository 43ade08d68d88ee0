from golden import at_least, case, digits, iris, wine
from sklearn.decomposition import PCA, IncrementalPCA

ALL = ["transform", "inverse_transform", "score_samples"]
BOTH = ["transform", "inverse_transform"]
WHY = "LAPACK inverts the covariance in an order of its own"
LAPACK = {"score_samples": (1e-14, WHY)}
# Since 1.5 the components of the covariance's eigenvectors lie by columns.
ROW = "the mean goes through OpenBLAS's product of one row with a matrix by columns"
ROUNDING = dict(LAPACK, transform=(1e-14, ROW), inverse_transform=(1e-14, ROW)) if at_least("1.5") else LAPACK
FEW = ["0.21", "0.22", "0.24", "1.0", "1.1", "1.4", "1.5", "1.9"]


@case(methods=ALL, tolerance=LAPACK)
def two_components():
    X, _ = iris()
    rows = X[:14].copy()
    rows[1, 0] = -0.0
    rows[2] = 1e6
    return PCA(n_components=2, svd_solver="full").fit(X), rows


@case(versions=FEW, methods=ALL, tolerance=dict(ROUNDING, score_samples=(2e-12, WHY + "; the noise is small beside the axes")))
def whitened():
    X, _ = wine(frame=True)
    return PCA(n_components=3, whiten=True).fit(X), X[:10]


@case(versions=FEW, methods=ALL, tolerance=ROUNDING)
def all_components():
    X, _ = iris()
    return PCA().fit(X), X[:10]


@case(versions=["0.22", "1.9"], methods=BOTH)
def share_of_variance():
    X, _ = digits()
    return PCA(n_components=0.9, svd_solver="full").fit(X[:, :40]), X[:6, :40]


@case(methods=BOTH)
def incremental():
    X, _ = wine()
    return IncrementalPCA(n_components=2, batch_size=20).fit(X), X[:10]


@case(versions=["0.22", "1.9"], methods=BOTH)
def incremental_whitened():
    X, _ = iris()
    return IncrementalPCA(n_components=3, whiten=True).fit(X), X[:10]


@case(versions=["1.9"], unsupported=True)
def mean_of_other_features():
    X, _ = iris()
    model = PCA().fit(X)
    model.mean_ = model.mean_[:2]
    return model, None


@case(versions=["1.9"], refused=True, methods=["transform"])
def missing():
    X, _ = iris()
    model = PCA().fit(X)
    X[1, 1] = float("nan")
    return model, X[:3]
