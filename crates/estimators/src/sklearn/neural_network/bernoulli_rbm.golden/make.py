from golden import case, iris
from sklearn.neural_network import BernoulliRBM


@case(methods=["transform"])
def probabilities():
    X, _ = iris()
    X = (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))
    return BernoulliRBM(n_components=3, n_iter=5, random_state=0, learning_rate=0.1).fit(X), X[::5]


ROW = {"score_samples": (1e-14, "OpenBLAS adds the inner products of a single row in another order, and the energies cancel")}


@case(methods=["score_samples"], one_by_one=True, tolerance=ROW)
def likelihoods():
    X, _ = iris()
    X = (X - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0))
    return BernoulliRBM(n_components=5, n_iter=5, random_state=3, learning_rate=0.1).fit(X), X[::5]


@case(refused=True, methods=["transform"], versions=["1.9"])
def missing():
    X, _ = iris()
    rows = X[:3].copy()
    rows[1, 1] = float("nan")
    return BernoulliRBM(n_components=2, n_iter=1, random_state=0).fit(X), rows
