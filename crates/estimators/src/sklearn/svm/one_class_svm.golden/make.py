from golden import case, digits, edge_rows, iris
from scipy.sparse import csr_matrix
from sklearn.svm import OneClassSVM


@case()
def rbf():
    X, _ = iris()
    model = OneClassSVM(gamma="scale", nu=0.2).fit(X)
    return model, edge_rows(model, X)


@case(versions=["0.22", "1.9"])
def linear():
    X, _ = iris()
    model = OneClassSVM(kernel="linear", nu=0.3).fit(X - X.mean(axis=0))
    return model, edge_rows(model, X - X.mean(axis=0))


@case(versions=["0.22", "1.9"])
def sparse():
    X, _ = digits()
    X = X[:, 18:38].copy()
    model = OneClassSVM(gamma="scale", nu=0.2).fit(csr_matrix(X))
    return model, edge_rows(model, X)


@case(versions=["1.9"], unsupported=True)
def two_rows_of_weights():
    X, _ = iris()
    model = OneClassSVM(nu=0.2).fit(X)
    model._dual_coef_ = model._dual_coef_.repeat(2, axis=0)
    return model, None
