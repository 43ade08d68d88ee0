from golden import case, digits, iris, wine
from sklearn.cluster import Birch, KMeans


def near_and_far(X):
    rows = X[:14].copy()
    rows[1, 2] = -0.0
    rows[2] = 1e6
    rows[3] = -1e-6
    return rows


@case()
def three_clusters():
    X, _ = iris()
    return Birch(n_clusters=3, threshold=0.5).fit(X), near_and_far(X)


@case(versions=["0.22", "1.2", "1.9"])
def every_subcluster_a_cluster():
    X, _ = wine()
    return Birch(n_clusters=None, threshold=5.0, branching_factor=4).fit(X[:30]), near_and_far(X)


@case(versions=["0.22", "1.2", "1.9"])
def clustered_by_k_means():
    X, _ = digits()
    return Birch(n_clusters=KMeans(3, n_init=1, random_state=0), threshold=12.0).fit(X[:, :20]), X[:10, :20]


@case(versions=["1.3", "1.9"])
def centres_of_single_precision():
    X, _ = iris()
    return Birch(n_clusters=3, threshold=0.5).fit(X.astype("float32")), X[:10]
