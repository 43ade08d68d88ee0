from golden import case, digits, iris, wine
from sklearn.manifold import LocallyLinearEmbedding

SOLVED = {"transform": (1e-13, "LAPACK solves the equations of the neighbours, whose condition number is about 1 / reg, in an order of its own")}


@case(tolerance=SOLVED)
def two_dimensions():
    X, _ = iris()
    return LocallyLinearEmbedding(n_neighbors=5, eigen_solver="dense").fit(X[:24]), X[24:44]


@case(versions=["0.22", "1.9"], tolerance=SOLVED)
def modified():
    X, _ = wine()
    model = LocallyLinearEmbedding(n_neighbors=7, n_components=3, method="modified", reg=0.01, eigen_solver="dense")
    return model.fit(X[:20]), X[20:32]


@case(versions=["0.22", "1.9"], tolerance=SOLVED)
def hessian():
    X, _ = wine()
    return LocallyLinearEmbedding(n_neighbors=8, method="hessian", eigen_solver="dense").fit(X[:20]), X[20:32]


@case(versions=["1.2", "1.9"], tolerance=SOLVED)
def local_tangent_space():
    X, _ = digits()
    model = LocallyLinearEmbedding(n_neighbors=6, method="ltsa", reg=0.1, eigen_solver="dense")
    return model.fit(X[:24, :12]), X[24:34, :12]
