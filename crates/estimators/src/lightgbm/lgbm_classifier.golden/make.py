import numpy
from golden import cancer, case, edge_rows, iris, penguins
from lightgbm import LGBMClassifier

SMALL = dict(n_estimators=3, num_leaves=4, min_child_samples=5, verbose=-1, n_jobs=1, random_state=0)
TWO = {**SMALL, "n_estimators": 2}


@case()
def two_classes():
    X, y = cancer()
    model = LGBMClassifier(**SMALL).fit(X, y)
    return model, edge_rows(model, X)


@case()
def three_classes():
    X, y = iris()
    model = LGBMClassifier(**TWO).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["2.3.1", "4.7.0"])
def one_against_the_others():
    X, y = iris()
    model = LGBMClassifier(objective="multiclassova", sigmoid=0.7, **TWO).fit(X, numpy.array(["a", "b", "c"])[y])
    return model, edge_rows(model, X)


@case(versions=["4.7.0"])
def steep_sigmoid():
    X, y = cancer()
    model = LGBMClassifier(sigmoid=2.35, **TWO).fit(X, y == 1)
    return model, edge_rows(model, X)


@case(versions=["4.7.0"])
def random_forest():
    X, y = iris()
    model = LGBMClassifier(boosting_type="rf", subsample=0.6, subsample_freq=1, **TWO).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["4.7.0"])
def frame_with_gaps():
    table, y = penguins()
    X = table[["bill_length_mm", "bill_depth_mm"]]
    model = LGBMClassifier(**TWO).fit(X, y)
    return model, X.head(12)


def own_objective(y_true, y_pred):
    return y_pred - y_true, numpy.ones_like(y_true)


@case(versions=["4.7.0"], unsupported=True)
def trained_by_a_function():
    X, y = cancer()
    return LGBMClassifier(objective=own_objective, **SMALL).fit(X, y), None
