from golden import case, iris
from sklearn.preprocessing import KernelCenterer


@case()
def of_a_linear_kernel():
    X, _ = iris()
    learned = X[::4]
    return KernelCenterer().fit(learned.dot(learned.T)), X[1:12].dot(learned.T)


@case(refused=True, versions=["0.22", "1.9"])
def missing():
    X, _ = iris()
    rows = X[:3, :3].copy()
    rows[1, 1] = float("nan")
    return KernelCenterer().fit(X[:3].dot(X[:3].T)), rows
