from golden import case, digits, iris, wine
from sklearn.decomposition import PCA, IncrementalPCA

BOTH = ["transform", "inverse_transform"]
WHY = "BLAS adds products in an order of its own, and the mean takes most of the sum away"
SUM = {"transform": (1e-12, WHY), "inverse_transform": (1e-12, WHY)}
FEW = ["0.21", "0.22", "0.24", "1.2", "1.4", "1.5", "1.9"]


@case(methods=BOTH, tolerance=SUM)
def two_components():
    X, _ = iris()
    rows = X[:15].copy()
    rows[1, 0] = -0.0
    rows[2] = 1e6
    return PCA(n_components=2).fit(X), rows


@case(versions=FEW, methods=BOTH, tolerance=SUM)
def whitened():
    X, _ = wine(frame=True)
    return PCA(n_components=3, whiten=True).fit(X), X[:10]


@case(versions=["0.22", "1.9"], methods=BOTH, tolerance=SUM)
def share_of_variance():
    X, _ = digits()
    return PCA(n_components=0.9, svd_solver="full").fit(X[:, :40]), X[:6, :40]


@case(methods=BOTH, tolerance=SUM)
def incremental():
    X, _ = wine()
    return IncrementalPCA(n_components=2, batch_size=20).fit(X), X[:10]


@case(versions=["0.22", "1.9"], methods=BOTH, tolerance=SUM)
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
