import numpy
from golden import at_least, cancer, case, edge_rows, iris, wine
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

FEW = ["0.20", "0.22", "0.24", "1.0", "1.2", "1.9"]
LAYOUTS = ["0.20", "0.21", "0.23", "0.24", "1.0", "1.1", "1.2", "1.3", "1.9"]


def declare(name, make, data=iris, labels=lambda y: y, versions=FEW):
    def fitted():
        X, y = data()
        model = make().fit(X, labels(y))
        return model, edge_rows(model, X, plain=8)

    fitted.__name__ = name
    case(versions=versions)(fitted)


def scaled():
    X, y = cancer()
    return (X - X.mean(axis=0)) / X.std(axis=0), y


def names(y):
    return numpy.array(["setosa", "versicolor", "virginica"])[y]


def tree():
    return DecisionTreeClassifier(max_depth=2, random_state=0)


declare("sigmoid_of_tree", lambda: CalibratedClassifierCV(tree(), cv=2), versions="all")
declare("sigmoid_of_two", lambda: CalibratedClassifierCV(tree(), cv=2), cancer, lambda y: y > 0, LAYOUTS)
declare("isotonic_of_tree", lambda: CalibratedClassifierCV(tree(), method="isotonic", cv=2), labels=names, versions=LAYOUTS)
declare("isotonic_of_two", lambda: CalibratedClassifierCV(GaussianNB(), method="isotonic", cv=3), cancer)
declare("isotonic_of_bayes", lambda: CalibratedClassifierCV(GaussianNB(), method="isotonic", cv=2), wine)
declare("of_forest", lambda: CalibratedClassifierCV(RandomForestClassifier(n_estimators=3, max_depth=2, random_state=0), cv=2))
declare("of_svc", lambda: CalibratedClassifierCV(SVC(gamma="scale", random_state=0), cv=2), scaled)
declare("of_svc_pairs", lambda: CalibratedClassifierCV(SVC(gamma="scale", decision_function_shape="ovo"), cv=2), versions=["0.22", "1.2", "1.9"])
declare(
    "of_linear_svc",
    lambda: CalibratedClassifierCV(LinearSVC(random_state=0, C=0.1), cv=2),
    scaled,
)
declare(
    "of_pipeline",
    lambda: CalibratedClassifierCV(make_pipeline(StandardScaler(), LogisticRegression(solver="lbfgs")), cv=2),
    cancer,
    versions=["0.22", "1.2", "1.9"],
)
declare("not_an_ensemble", lambda: CalibratedClassifierCV(tree(), cv=3, ensemble=False), versions=["0.24", "1.2", "1.9"])


@case(versions=["0.20", "0.22", "0.24", "1.2", "1.5"])
def trained_before():
    X, y = wine()
    model = CalibratedClassifierCV(tree().fit(X[::2], y[::2]), cv="prefit").fit(X[1::2], y[1::2])
    return model, edge_rows(model, X, plain=4)


@case(versions=["1.6", "1.9"])
def frozen():
    from sklearn.frozen import FrozenEstimator

    X, y = wine()
    model = CalibratedClassifierCV(FrozenEstimator(tree().fit(X[::2], y[::2]))).fit(X[1::2], y[1::2])
    return model, edge_rows(model, X, plain=4)


@case(versions=["0.23", "1.0", "1.3", "1.4", "1.9"])
def a_class_unknown_to_some():
    """The first fold is trained without class 2."""
    X, y = iris()
    model = CalibratedClassifierCV(tree(), cv=[(numpy.arange(0, 34), numpy.arange(10, 50)), (numpy.arange(1, 50), numpy.arange(0, 50))])
    model.fit(X, y)
    return model, X[::7].copy()


@case(versions=["0.23", "1.0", "1.9"])
def all_probabilities_zero():
    X, y = iris()
    model = CalibratedClassifierCV(tree(), method="isotonic", cv=2).fit(X, y)
    for classifier in model.calibrated_classifiers_:
        for calibrator in getattr(classifier, "calibrators" if at_least("0.24") else "calibrators_"):
            places = "y_thresholds_" if at_least("0.24") else "_necessary_y_"
            getattr(calibrator, places)[:] = 0.0
            calibrator.__setstate__(calibrator.__getstate__())
    return model, X[:3].copy()


if at_least("1.8"):
    declare("temperature", lambda: CalibratedClassifierCV(tree(), method="temperature", cv=2), versions="all")
    declare("temperature_of_names", lambda: CalibratedClassifierCV(tree(), method="temperature", cv=2), labels=names, versions="all")
    declare("temperature_of_two", lambda: CalibratedClassifierCV(GaussianNB(), method="temperature", cv=2), cancer, versions="all")
    declare("temperature_of_decisions", lambda: CalibratedClassifierCV(SVC(), method="temperature", cv=2), versions="all")
    declare("temperature_of_two_decisions", lambda: CalibratedClassifierCV(SVC(), method="temperature", cv=2), cancer, versions="all")


@case(versions=["0.20"], unsupported=True)
def decisions_that_depend_on_other_rows():
    X, y = iris()
    return CalibratedClassifierCV(SVC(gamma="scale"), cv=2).fit(X, y), None
