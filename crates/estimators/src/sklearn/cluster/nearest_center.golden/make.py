from golden import at_least, case, digits, iris, wine
from scipy.sparse import csr_matrix
from sklearn.cluster import AffinityPropagation, MeanShift


def affinity(**parameters):
    if at_least("0.23"):
        parameters["random_state"] = 0
    return AffinityPropagation(**parameters)


def near_and_far(X):
    rows = X[:14].copy()
    rows[1, 2] = -0.0
    rows[2] = 1e6
    rows[3] = -1e-6
    return rows


@case()
def mean_shift():
    X, _ = iris()
    return MeanShift(bandwidth=1.2).fit(X), near_and_far(X)


@case(versions=["0.22", "1.2", "1.9"])
def mean_shift_of_a_frame():
    X, _ = wine(frame=True)
    return MeanShift(bandwidth=20.0, bin_seeding=True, cluster_all=False).fit(X), X[:12]


@case()
def affinity_propagation():
    X, _ = iris()
    return affinity(preference=-20.0).fit(X), near_and_far(X)


@case(versions=["0.22", "1.2", "1.9"])
def affinity_propagation_of_sparse_rows():
    X, _ = digits()
    return affinity(damping=0.7).fit(csr_matrix(X[:20, :12])), X[:10, :12]


@case(versions=["0.20", "0.21", "0.23", "1.0", "1.9"])
def affinity_propagation_that_did_not_converge():
    X, _ = iris()
    return affinity(max_iter=1).fit(X[:12]), X[:4]


@case(versions=["1.9"], unsupported=True)
def precomputed_affinity():
    X, _ = iris()
    return affinity(affinity="precomputed").fit(-((X[:12, None] - X[None, :12]) ** 2).sum(axis=2)), None


@case(versions=["1.9"], refused=True)
def missing():
    X, _ = iris()
    model = MeanShift(bandwidth=1.2).fit(X)
    X[1, 1] = float("nan")
    return model, X[:3]
