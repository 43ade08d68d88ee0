from golden import case, diabetes, digits, iris, wine
from sklearn.manifold import Isomap


@case()
def two_dimensions():
    X, _ = iris()
    return Isomap(n_neighbors=5).fit(X[:24]), X[24:44]


@case(versions=["0.22", "1.0", "1.9"])
def three_dimensions():
    X, _ = wine()
    return Isomap(n_neighbors=6, n_components=3, path_method="D", neighbors_algorithm="ball_tree").fit(X[:20]), X[20:32]


@case(versions=["0.24", "1.2", "1.9"])
def metric():
    X, _ = diabetes(frame=True)
    return Isomap(n_neighbors=4, metric="manhattan").fit(X[:20]), X[20:32]


@case(versions=["1.2", "1.9"])
def by_brute_force():
    X, _ = digits()
    return Isomap(n_neighbors=5, neighbors_algorithm="brute").fit(X[:20, :30]), X[20:32, :30]


@case(versions=["1.9"], unsupported=True)
def radius():
    X, _ = iris()
    return Isomap(n_neighbors=None, radius=2.0).fit(X[:24]), None
