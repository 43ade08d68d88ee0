from golden import cancer, case, digits, edge_rows, iris
from scipy.sparse import csr_matrix
from sklearn.metrics.pairwise import linear_kernel
from sklearn.svm import SVC, NuSVC

FEW = ["0.21", "0.22", "0.23", "0.24", "1.2", "1.9"]


def declare(name, make, data=iris, labels=lambda y: y, versions=FEW, shift=True, **case_parameters):
    def fitted():
        X, y = data()
        if shift:
            X = X - X.mean(axis=0)
        model = make().fit(X, labels(y))
        return model, edge_rows(model, X)

    fitted.__name__ = name
    case(versions=versions, **case_parameters)(fitted)


def names(y):
    return y.astype(str)


def twenty_columns():
    X, y = digits()
    return X[:, 18:38].copy(), y


def forty_columns():
    X, y = digits()
    return X[:, 10:50] / 16, y % 3


declare("rbf", lambda: SVC(gamma="scale", random_state=0), versions="all", since="0.21")
declare("rbf_of_two", lambda: SVC(gamma="auto"), cancer, lambda y: y > 0)
declare("linear", lambda: SVC(kernel="linear", C=0.1), labels=names, versions=["0.22", "1.9"])
declare("linear_of_two", lambda: SVC(kernel="linear", C=0.1), cancer, versions=["0.22", "1.9"])
declare("polynomial", lambda: SVC(kernel="poly", gamma="scale", coef0=0.5, degree=3), versions=["0.22", "0.24", "1.9"])
declare("sigmoid", lambda: SVC(kernel="sigmoid", gamma=0.1, coef0=-0.25), labels=lambda y: y + 1.0, versions=["0.22", "0.24", "1.9"])
declare("pairs", lambda: SVC(decision_function_shape="ovo", gamma="scale"), versions=["0.20", "0.22", "1.9"])
declare("ties_broken", lambda: SVC(break_ties=True, gamma="scale"), versions=["0.22", "1.9"])
declare("nu", lambda: NuSVC(nu=0.3, gamma="scale"), labels=names, versions="all", since="0.21")
declare("ten_classes_of_twenty_columns", lambda: SVC(gamma="scale"), twenty_columns)
declare("forty_columns", lambda: SVC(gamma=0.05), forty_columns, shift=False, versions=["0.23", "0.24", "1.9"])
declare("forty_columns_linear", lambda: SVC(kernel="linear"), forty_columns, shift=False, versions=["0.23", "0.24", "1.9"])

PROBABILITY = ["0.22", "0.23", "0.24", "1.2"]
declare("probability", lambda: SVC(probability=True, gamma="scale", random_state=0), labels=names, versions=PROBABILITY + ["1.9"])
declare("probability_of_two", lambda: SVC(probability=True, gamma="scale", random_state=0), cancer, versions=PROBABILITY + ["1.9"])
# What decision_function gave until 0.20 depended on the other rows, so Pythia does not offer it.
declare("probability", lambda: SVC(probability=True, gamma="scale", random_state=0), labels=names, versions=["0.20"], methods=["predict", "predict_proba", "predict_log_proba"])
declare("rbf", lambda: SVC(gamma="scale", random_state=0), versions=["0.20"], methods=["predict"])
declare("nu", lambda: NuSVC(nu=0.3, gamma="scale"), labels=names, versions=["0.20"], methods=["predict"])
declare("probability_of_ten", lambda: SVC(probability=True, gamma="scale", random_state=0), twenty_columns, versions=["0.22", "1.9"])
declare("nu_probability", lambda: NuSVC(nu=0.3, probability=True, gamma="scale", random_state=0), versions=["0.22", "1.9"])


def sparse(name, make, versions=("0.22", "0.24", "1.2", "1.9")):
    def fitted():
        X, y = digits()
        X = X[:, 18:38].copy()
        model = make().fit(csr_matrix(X), y % 3)
        return model, edge_rows(model, X)

    fitted.__name__ = name
    case(versions=list(versions))(fitted)


sparse("sparse_rbf", lambda: SVC(gamma="scale", probability=True, random_state=0))
sparse("sparse_linear", lambda: SVC(kernel="linear"), ["0.22", "1.9"])
sparse("sparse_polynomial", lambda: SVC(kernel="poly", gamma="scale", coef0=1.0, degree=2), ["0.22", "1.9"])


@case(versions=["0.22", "1.9"], unsupported=True)
def kernel_of_its_own():
    X, y = iris()
    return SVC(kernel=linear_kernel).fit(X, y), None


@case(versions=["0.22", "1.9"], unsupported=True)
def precomputed_kernel():
    X, y = iris()
    return SVC(kernel="precomputed").fit(X @ X.T, y), None


@case(versions=["1.9"], unsupported=True)
def vectors_that_are_not_counted():
    X, y = iris()
    model = SVC().fit(X, y)
    model._n_support = model._n_support - 1
    return model, None


@case(versions=["1.9"], unsupported=True)
def sparse_vectors_that_leave_the_matrix():
    X, y = iris()
    model = SVC().fit(csr_matrix(X), y)
    model.support_vectors_.indices[0] = 4
    return model, None


@case(versions=["1.9"], refused=True)
def missing_value():
    X, y = iris()
    model = SVC().fit(X, y)
    X[1, 2] = float("nan")
    return model, X[:3]
