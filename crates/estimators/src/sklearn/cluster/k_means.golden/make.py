from golden import case, digits, iris, penguins, wine
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

FEW = ["0.21", "0.22", "0.24", "1.0", "1.3", "1.6", "1.9"]


def near_and_far(X):
    rows = X[:20].copy()
    rows[1, 2] = -0.0
    rows[2] = 1e6
    rows[3] = -1e-6
    return rows


@case()
def three_centres():
    X, _ = iris()
    return KMeans(n_clusters=3, n_init=2, random_state=0).fit(X), near_and_far(X)


@case(versions=["0.22", "1.9"])
def many_features():
    X, _ = digits()
    return KMeans(n_clusters=7, n_init=1, random_state=0).fit(X[:, :40]), near_and_far(X[:, :40])


@case()
def mini_batch():
    X, _ = iris()
    return MiniBatchKMeans(n_clusters=4, n_init=1, random_state=0).fit(X), X[:12]


@case(versions=["0.24", "1.2", "1.9"])
def frame():
    X, _ = wine(frame=True)
    return KMeans(n_clusters=4, n_init=1, random_state=0).fit(X), X[:12]


@case(versions=["1.2", "1.9"])
def single_precision():
    X, _ = penguins()
    X = X[["island", "year"]]
    encoder = OneHotEncoder(dtype="float32", sparse_output=False)
    return make_pipeline(encoder, KMeans(n_clusters=3, n_init=1, random_state=0)).fit(X), X[:12]


@case(versions=["1.9"], refused=True)
def missing():
    X, _ = iris()
    model = KMeans(n_clusters=3, n_init=1, random_state=0).fit(X)
    X[1, 1] = float("nan")
    return model, X[:3]
