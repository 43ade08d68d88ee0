from golden import case, diabetes, digits, edge_rows
from scipy.sparse import csr_matrix
from sklearn.svm import SVR, NuSVR


def declare(name, make, data=diabetes, versions=("0.21", "0.24", "1.9")):
    def fitted():
        X, y = data()
        model = make().fit(X, y)
        return model, edge_rows(model, X)

    fitted.__name__ = name
    case(versions=versions)(fitted)


def forty_columns():
    X, y = digits()
    return X[:, 10:50] / 16, y


declare("rbf", lambda: SVR(gamma="scale", C=100.0), versions="all")
declare("linear", lambda: SVR(kernel="linear", C=100.0))
declare("polynomial", lambda: SVR(kernel="poly", gamma="scale", C=100.0, degree=2))
declare("sigmoid", lambda: SVR(kernel="sigmoid", gamma="scale", C=10.0))
declare("nu", lambda: NuSVR(gamma="auto", C=100.0), versions="all")
declare("forty_columns", lambda: SVR(gamma="scale"), forty_columns, ["0.23", "0.24", "1.9"])


@case(versions=["0.22", "1.2", "1.9"])
def sparse():
    X, y = digits()
    X = X[:, 18:38].copy()
    model = SVR(gamma="scale").fit(csr_matrix(X), y)
    return model, edge_rows(model, X)


@case(versions=["1.9"])
def names():
    X, y = diabetes(frame=True)
    model = SVR(C=100.0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.9"], unsupported=True)
def weights_of_other_vectors():
    X, y = diabetes()
    model = SVR().fit(X, y)
    model._dual_coef_ = model._dual_coef_[:, 1:]
    return model, None
