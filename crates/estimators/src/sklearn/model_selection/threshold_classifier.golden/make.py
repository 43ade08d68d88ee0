import numpy
from golden import at_least, cancer, case, edge_rows
from sklearn.linear_model import RidgeClassifier
from sklearn.metrics import accuracy_score, f1_score, make_scorer
from sklearn.tree import DecisionTreeClassifier

if at_least("1.5"):
    from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV

FEW = ["1.5", "1.6", "1.9"]
NAMES = numpy.array(["benign", "malign"])


def tree():
    return DecisionTreeClassifier(max_depth=3, min_samples_leaf=3, random_state=0)


def some_score(y, predicted):
    return accuracy_score(y, predicted)


@case(since="1.5")
def fixed():
    X, y = cancer()
    model = FixedThresholdClassifier(tree(), threshold=0.8).fit(X, y)
    return model, edge_rows(model, X)


@case(since="1.5")
def tuned():
    X, y = cancer()
    model = TunedThresholdClassifierCV(tree(), cv=3, thresholds=9).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def fixed_auto():
    X, y = cancer()
    model = FixedThresholdClassifier(tree()).fit(X, NAMES[y])
    return model, edge_rows(model, X)


@case(versions=FEW)
def fixed_first_label():
    X, y = cancer()
    model = FixedThresholdClassifier(tree(), threshold=0.2, pos_label="benign").fit(X, NAMES[y])
    return model, edge_rows(model, X)


@case(versions=FEW)
def fixed_decisions_of_the_first_label():
    X, y = cancer()
    model = FixedThresholdClassifier(RidgeClassifier(), threshold=-0.3, pos_label=False).fit(X, y == 1)
    return model, edge_rows(model, X)


@case(versions=FEW)
def fixed_decisions_auto():
    X, y = cancer()
    return FixedThresholdClassifier(RidgeClassifier()).fit(X, y), X[::5]


@case(versions=["1.6", "1.9"])
def fixed_never_fitted():
    X, y = cancer()
    return FixedThresholdClassifier(tree().fit(X, NAMES[y]), threshold=0.8, pos_label="malign"), X[::5]


@case(versions=FEW)
def tuned_f1():
    X, y = cancer()
    model = TunedThresholdClassifierCV(tree(), scoring="f1", cv=3, thresholds=9, response_method="predict_proba")
    return model.fit(X, y), X[::5]


@case(versions=FEW)
def tuned_first_label():
    X, y = cancer()
    scoring = make_scorer(f1_score, pos_label="benign")
    return TunedThresholdClassifierCV(tree(), scoring=scoring, cv=3, thresholds=9).fit(X, NAMES[y]), X[::5]


@case(versions=FEW)
def tuned_prefit_decisions():
    X, y = cancer()
    ridge = RidgeClassifier().fit(X, NAMES[y])
    return TunedThresholdClassifierCV(ridge, cv="prefit", refit=False, thresholds=9).fit(X, NAMES[y]), X[::5]


@case(versions=["1.5", "1.9"], unsupported=True)
def tuned_by_an_unknown_score():
    X, y = cancer()
    model = TunedThresholdClassifierCV(tree(), scoring=make_scorer(some_score), cv=3, thresholds=9)
    return model.fit(X, y), None
