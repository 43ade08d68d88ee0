import numpy
from golden import cancer, case, edge_rows, iris, wine
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

FEW = ["0.20", "0.22", "1.2", "1.7", "1.8", "1.9"]
SUM = "BLAS adds the products in an order and with fused steps that depend on the processor"
SUMS = {name: (1e-14, SUM) for name in ["predict_proba", "decision_function"]}


def declare(name, make, data=iris, labels=lambda y: y, versions=FEW, **more):
    def fitted():
        X, y = data()
        model = make().fit(X, labels(y))
        return model, edge_rows(model, X, more.get("methods"), plain=6)

    fitted.__name__ = name
    case(versions=versions, **more)(fitted)


def tree(kind=DecisionTreeClassifier):
    return kind(max_depth=2, random_state=0)


def several_labels(y):
    return numpy.column_stack([y == 0, y >= 1, numpy.arange(len(y)) % 3 == 0]).astype(int)


def names(y):
    return numpy.array(["setosa", "versicolor", "virginica"])[y]


declare("of_trees", lambda: OneVsRestClassifier(tree()), versions="all")
declare("of_trees_two_classes", lambda: OneVsRestClassifier(tree()), cancer, lambda y: y > 0)
declare("of_bayes", lambda: OneVsRestClassifier(GaussianNB()), wine, labels=lambda y: y * 2.0)
declare("of_svc", lambda: OneVsRestClassifier(SVC(gamma="scale")), labels=names)
declare("of_svc_two_classes", lambda: OneVsRestClassifier(SVC(gamma="auto")), cancer)
declare("of_logistic_regression", lambda: OneVsRestClassifier(LogisticRegression(solver="lbfgs", max_iter=500)), versions=["0.22", "1.9"], tolerance=SUMS)
declare("of_regressors", lambda: OneVsRestClassifier(tree(DecisionTreeRegressor)))
declare("of_regressors_two_classes", lambda: OneVsRestClassifier(tree(DecisionTreeRegressor)), cancer, versions=["0.22", "1.9"])
declare("of_linear_regressors", lambda: OneVsRestClassifier(LinearRegression()), versions=["1.9"])
declare("several_labels", lambda: OneVsRestClassifier(tree()), labels=several_labels)
declare("several_labels_of_svc", lambda: OneVsRestClassifier(SVC(gamma="scale")), labels=several_labels)
declare("a_label_of_all", lambda: OneVsRestClassifier(tree()), labels=lambda y: several_labels(y) | [0, 0, 1])
declare("the_first_label_of_none", lambda: OneVsRestClassifier(SVC(gamma="scale")), labels=lambda y: several_labels(y) & [0, 1, 1], methods=["predict", "decision_function"])
declare("equal_scores", lambda: OneVsRestClassifier(DecisionTreeClassifier(max_depth=1, random_state=0)), lambda: (numpy.round(iris()[0]), iris()[1]))


@case(versions=["1.9"], unsupported=True)
def unknown_targets():
    X, y = iris()
    model = OneVsRestClassifier(tree()).fit(X, y)
    model.label_binarizer_.y_type_ = "continuous"
    return model, None
