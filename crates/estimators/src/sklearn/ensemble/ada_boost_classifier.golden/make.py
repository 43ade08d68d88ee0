import numpy
from golden import at_least, cancer, case, digits, edge_rows, iris, penguins
from sklearn.ensemble import AdaBoostClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

ALGORITHM_GONE = "1.5"
FEW = ["0.20", "0.21", "0.22", "1.0", "1.2", "1.3", "1.9"]
WITH_SAMME_R = ["0.20", "0.21", "0.22", "1.2", "1.3", "1.5"]


def bill():
    X, y = penguins()
    return X[["bill_length_mm", "bill_depth_mm", "body_mass_g"]].fillna(0), y


def samme(depth=1, n_estimators=4, **options):
    if not at_least("1.8"):
        options["algorithm"] = "SAMME"
    return AdaBoostClassifier(DecisionTreeClassifier(max_depth=depth), n_estimators=n_estimators, random_state=0, **options)


def samme_r(depth=1, n_estimators=4, **options):
    tree = DecisionTreeClassifier(max_depth=depth)
    return AdaBoostClassifier(tree, n_estimators=n_estimators, algorithm="SAMME.R", random_state=0, **options)


@case()
def votes():
    X, y = iris()
    model = samme().fit(X, y)
    return model, edge_rows(model, X)


@case(until=ALGORITHM_GONE)
def logs():
    X, y = iris()
    model = samme_r().fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.20", "0.24", "1.3", "1.6", "1.9"])
def algorithm_by_default():
    X, y = iris()
    return AdaBoostClassifier(n_estimators=4, random_state=0).fit(X, y), X[::4]


@case(versions=FEW)
def votes_for_two():
    X, y = cancer()
    model = samme(n_estimators=6).fit(X, numpy.array(["no", "yes"])[y])
    return model, edge_rows(model, X)


@case(versions=WITH_SAMME_R)
def logs_for_two():
    X, y = cancer()
    model = samme_r(n_estimators=6, learning_rate=0.5).fit(X, y == 1)
    return model, edge_rows(model, X)


@case(versions=FEW)
def votes_for_texts():
    X, y = bill()
    model = samme(depth=2, learning_rate=0.7).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=WITH_SAMME_R)
def logs_for_texts():
    X, y = bill()
    model = samme_r(depth=2, learning_rate=0.7).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def votes_for_ten():
    X, y = digits()
    return samme(depth=3).fit(X[:, ::5], y), X[::3, ::5]


@case(versions=WITH_SAMME_R)
def logs_for_ten():
    X, y = digits()
    return samme_r(depth=3).fit(X[:, ::5], y), X[::3, ::5]


@case(versions=["0.22", "1.9"])
def stopped_early():
    X, y = iris()
    return samme(depth=9).fit(X, y), X[::4]


@case(versions=["0.20", "0.22", "1.2", "1.6", "1.9"])
def one_class():
    X, y = iris()
    return samme().fit(X[y == 1], y[y == 1]), X[:4]


@case(versions=["0.20", "0.22", "1.5"])
def logs_of_a_logistic_model():
    X, y = iris()
    member = LogisticRegression(solver="liblinear")
    return AdaBoostClassifier(member, n_estimators=3, algorithm="SAMME.R", random_state=0).fit(X, y == 1), X[::4]
