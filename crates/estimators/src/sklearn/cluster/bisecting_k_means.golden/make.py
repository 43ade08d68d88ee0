from golden import case, iris, wine
from scipy.sparse import csr_matrix


def bisecting(**parameters):
    from sklearn.cluster import BisectingKMeans  # new in 1.1

    return BisectingKMeans(random_state=0, **parameters)


@case(since="1.1")
def six_leaves():
    X, _ = iris()
    return bisecting(n_clusters=6).fit(X), X[:20] + 0.25


@case(versions=["1.2", "1.9"])
def largest_cluster_of_sparse_rows():
    X, _ = wine()
    return bisecting(n_clusters=5, bisecting_strategy="largest_cluster").fit(csr_matrix(X)), X[:12]


@case(versions=["1.9"], unsupported=True)
def tree_in_a_circle():
    X, _ = iris()
    model = bisecting(n_clusters=3).fit(X)
    model._bisecting_tree.left = model._bisecting_tree
    return model, None
