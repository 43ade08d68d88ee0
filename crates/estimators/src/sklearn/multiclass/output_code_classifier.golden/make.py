import numpy
from golden import cancer, case, edge_rows, iris, wine
from sklearn.linear_model import RidgeClassifier
from sklearn.multiclass import OutputCodeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

FEW = ["0.20", "0.22", "1.0", "1.2", "1.3", "1.9"]


def declare(name, make, data=iris, labels=lambda y: y, versions=FEW):
    def fitted():
        X, y = data()
        model = make().fit(X, labels(y))
        rows = edge_rows(model, X, plain=12)
        # Where decisions are huge, their last bits decide, and those depend on the processor.
        return model, rows[(abs(rows) < 1e10).all(axis=1)] if name == "of_ridge" else rows

    fitted.__name__ = name
    case(versions=versions)(fitted)


def names(y):
    return numpy.array(["setosa", "versicolor", "virginica"])[y]


declare("of_trees", lambda: OutputCodeClassifier(DecisionTreeClassifier(max_depth=2, random_state=0), code_size=2, random_state=0), versions="all")
declare("of_bayes", lambda: OutputCodeClassifier(GaussianNB(), code_size=3, random_state=1), wine, names)
declare("of_svc", lambda: OutputCodeClassifier(SVC(gamma="scale"), code_size=2, random_state=2))
declare("of_ridge", lambda: OutputCodeClassifier(RidgeClassifier(), code_size=4, random_state=3), versions=["0.22", "1.9"])
declare("of_two_classes", lambda: OutputCodeClassifier(SVC(gamma="scale"), code_size=3, random_state=4), cancer, versions=["0.22", "1.9"])
