from golden import at_least, case, iris, wine
from sklearn.decomposition import FastICA

BOTH = ["transform", "inverse_transform"]
SPHERE = {"whiten": "unit-variance"} if at_least("1.1") else {}


@case(methods=BOTH)
def two_sources():
    X, _ = iris()
    rows = X[:12].copy()
    rows[1, 0] = -0.0
    rows[2] = 1e6
    return FastICA(2, random_state=0, **SPHERE).fit(X), rows


@case(versions=["0.21", "1.0", "1.2", "1.9"], methods=BOTH)
def not_whitened():
    X, _ = iris()
    return FastICA(whiten=False, random_state=0, max_iter=1000, tol=0.1).fit(X / 10), X[:10] / 10


@case(versions=["1.1", "1.2"], methods=BOTH)
def whitened_by_default():
    X, _ = wine(frame=True)
    return FastICA(3, random_state=0).fit(X), X[:10]


@case(versions=["1.3", "1.9"], methods=BOTH)
def arbitrary_variance():
    X, _ = wine(frame=True)
    return FastICA(3, whiten="arbitrary-variance", fun="cube", random_state=0).fit(X), X[:10]


@case(versions=["1.9"], methods=BOTH)
def single_precision():
    X, _ = iris()
    return FastICA(3, random_state=0).fit(X.astype("float32")), X[:10]


@case(versions=["1.9"], unsupported=True)
def unknown_whitening():
    X, _ = iris()
    model = FastICA(2, random_state=0).fit(X)
    model.whiten = "other"
    return model, None
