import numpy
from golden import at_least, cancer, case, digits, edge_rows, iris
from sklearn.multiclass import OneVsOneClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

FEW = ["0.20", "0.22", "1.0", "1.1", "1.9"]
# What decision_function gave until 0.20 depended on the other rows, so Pythia does not offer it.
METHODS = ["predict", "decision_function"] if at_least("0.21") else ["predict"]


def declare(name, make, data=iris, labels=lambda y: y, versions=FEW):
    def fitted():
        X, y = data()
        model = make().fit(X, labels(y))
        rows = edge_rows(model, X, METHODS, plain=8)
        # Until 0.20 a NaN in one row's scores was one in all rows' decisions.
        return model, rows if at_least("0.21") else rows[(abs(rows) < 1e30).all(axis=1)]

    fitted.__name__ = name
    case(versions=versions, methods=METHODS)(fitted)


def names(y):
    return numpy.array(["setosa", "versicolor", "virginica"])[y]


def seven_digits():
    X, y = digits()
    return X[:, 18:26].copy(), y % 7


declare("of_trees", lambda: OneVsOneClassifier(DecisionTreeClassifier(max_depth=2, random_state=0)), versions="all")
declare("of_trees_two_classes", lambda: OneVsOneClassifier(DecisionTreeClassifier(max_depth=2, random_state=0)), cancer, lambda y: y > 0)
declare("of_bayes", lambda: OneVsOneClassifier(GaussianNB()), labels=names)
declare("of_svc", lambda: OneVsOneClassifier(SVC(gamma="scale")))
declare("of_svc_two_classes", lambda: OneVsOneClassifier(SVC(gamma="auto")), cancer)
declare("of_regressors", lambda: OneVsOneClassifier(DecisionTreeRegressor(max_depth=1, random_state=0)), versions=["0.22", "1.9"])
declare("of_seven_classes", lambda: OneVsOneClassifier(DecisionTreeClassifier(max_depth=1, random_state=0)), seven_digits, versions=["0.20", "1.9"])


@case(versions=["0.22", "1.9"], unsupported=True)
def precomputed_kernel():
    X, y = iris()
    return OneVsOneClassifier(SVC(kernel="precomputed")).fit(X @ X.T, y), None
