import numpy
import xgboost
from golden import cancer, case, edge_rows, iris, wine
from xgboost import XGBClassifier, XGBRFClassifier

OLD = xgboost.__version__.startswith("0.")
METHODS = ["predict", "predict_proba"]
CALLS = {"raw_score": lambda model, rows: model.predict(rows, output_margin=True)}
HOW = dict(methods=METHODS + ["raw_score"], calls=CALLS)


def ranges():
    """The second iteration alone, or until 1.3 the first: one tree for each class."""
    limits, start = (dict(ntree_limit=1), None) if xgboost.__version__ < "1.4" else (dict(iteration_range=(1, 2)), 1)
    calls = {
        "one": lambda model, rows: model.predict(rows, **limits),
        "one_proba": lambda model, rows: model.predict_proba(rows, **limits),
        "one_margin": lambda model, rows: model.predict(rows, output_margin=True, **limits),
    }
    asked = {"one": ("predict", start, 1), "one_proba": ("predict_proba", start, 1), "one_margin": ("raw_score", start, 1)}
    return dict(methods=HOW["methods"] + list(calls), calls=dict(CALLS, **calls), ranges=asked)


RANGES = ranges()


def small(model=XGBClassifier, **options):
    options = dict(dict(n_estimators=4, max_depth=2, n_jobs=1), **options)
    if OLD:
        options["silent"] = True
    return model(**options)


def data(n=100):
    X, y = cancer()
    return X[:n, :5], y[:n]


@case(**HOW)
def binary():
    X, y = data()
    model = small(n_estimators=8).fit(X, y)
    return model, edge_rows(model, X, METHODS)


@case(**RANGES)
def multiclass():
    X, y = iris()
    model = small(n_estimators=3).fit(X, y)
    return model, X[::12]


@case(**HOW, versions=["0.90", "1.2", "1.5"])
def texts():
    X, y = iris()
    model = small().fit(X, numpy.array(["setosa", "versicolor", "virginica"])[y])
    return model, X[::12]


@case(**HOW)
def forest():
    X, y = data()
    model = small(XGBRFClassifier).fit(X, y)
    return model, X[:12]


@case(**HOW)
def hinge():
    X, y = data()
    model = small(objective="binary:hinge").fit(X, y)
    return model, X[::8]


@case(**HOW)
def raw_logits():
    X, y = data()
    model = small(objective="binary:logitraw", base_score=0.6).fit(X, y)
    return model, X[::8]


@case(**HOW, since="1.7")
def dart():
    X, y = wine()
    model = small(booster="dart", rate_drop=0.5, one_drop=1, random_state=1).fit(X[:, :4], y)
    return model, X[::14, :4]


@case(**HOW)
def linear():
    X, y = iris()
    model = small(booster="gblinear").fit(X, y)
    return model, X[::12]


@case(**HOW, since="1.7")
def labels():
    X, y = data()
    y = numpy.column_stack([y, X[:, 0] > 14, X[:, 1] > 20]).astype(int)
    model = small(n_estimators=2).fit(X, y)
    return model, X[:12]


@case(**HOW, since="1.7")
def early_stopping():
    X, y = data()
    model = small(n_estimators=60, learning_rate=0.9, early_stopping_rounds=2)
    model.fit(X[:60], y[:60], eval_set=[(X[60:], y[60:])], verbose=False)
    return model, X[:12]


@case(**HOW)
def large_margins():
    """Far below 0 a probability is not 0 in newer versions."""
    X, y = data()
    model = small(n_estimators=9, learning_rate=30.0, reg_lambda=0.01, min_child_weight=0.0).fit(X, y)
    return model, X[::8]


@case(**HOW, versions=["1.7", "3.2"])
def softmax():
    """Probabilities are scipy's softmax of the margins."""
    X, y = iris()
    model = small(n_estimators=3, objective="multi:softmax").fit(X, y)
    return model, X[::12]


@case(**HOW, versions=["1.7"])
def softmax_of_nine():
    """From eight classes on numpy adds in another order."""
    X, _ = iris()
    model = small(n_estimators=9, objective="multi:softmax").fit(X, (X[:, 0] * 10).astype(int) % 9)
    return model, X[::8]


@case(**HOW, versions=["1.2", "1.5", "3.2"])
def softmax_of_two():
    X, y = data()
    return small(objective="multi:softmax", num_class=2).fit(X, y), X[::8]


@case(methods=[*METHODS, "apply"], versions=["1.5", "3.2"])
def softprob_of_two():
    """From 1.6 on two columns of two classes are two targets."""
    X, y = data()
    return small(objective="multi:softprob", num_class=2).fit(X, y), X[::8]
