import numpy
from golden import cancer, case, edge_rows, iris, penguins
from lightgbm import LGBMClassifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

SMALL = dict(n_estimators=3, num_leaves=4, min_child_samples=5, verbose=-1, n_jobs=1, random_state=0)
TWO = {**SMALL, "n_estimators": 2}
SUMS_AND_LEAVES = {
    "raw_score": lambda model, rows: model.predict(rows, raw_score=True),
    "apply": lambda model, rows: model.predict(rows, pred_leaf=True),
}


@case()
def two_classes():
    X, y = cancer()
    model = LGBMClassifier(**SMALL).fit(X, y)
    return model, edge_rows(model, X)


@case(
    since="3.3",
    methods=["predict", "predict_proba", "second", "second_label", "second_sum"],
    calls={
        "second": lambda model, rows: model.predict_proba(rows, start_iteration=1, num_iteration=1),
        "second_label": lambda model, rows: model.predict(rows, start_iteration=1),
        "second_sum": lambda model, rows: model.predict(rows, raw_score=True, start_iteration=1),
    },
    ranges={"second": ("predict_proba", 1, 1), "second_label": ("predict", 1, None), "second_sum": ("raw_score", 1, None)},
)
def three_classes_by_iteration():
    X, y = iris()
    model = Pipeline([("scale", StandardScaler()), ("boost", LGBMClassifier(**TWO))]).fit(X, numpy.array(["a", "b", "c"])[y])
    return model, X[::10]


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
    """Gradients for one column of sums and for several."""
    target = numpy.concatenate([y_true == k for k in range(len(y_pred) // len(y_true))])
    target = y_true if len(y_pred) == len(y_true) else target
    return y_pred - target, numpy.ones_like(y_pred)


@case()
def trained_by_a_function():
    """Sums are what it gives for probabilities; until 2.3 these make labels, later they are given for labels too."""
    X, y = cancer()
    model = LGBMClassifier(objective=own_objective, **SMALL).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["2.3.1", "3.3.5"])
def three_classes_by_a_function():
    X, y = iris()
    model = LGBMClassifier(objective=own_objective, **TWO).fit(X, y)
    return model, edge_rows(model, X)


@case()
def one_class():
    X, y = cancer()
    model = LGBMClassifier(**SMALL).fit(X, numpy.array(["only"] * len(X)))
    return model, X[:4]


@case()
def whole_labels():
    X, y = cancer()
    model = LGBMClassifier(class_weight="balanced", **TWO).fit(X, numpy.array([7, -3])[y])
    return model, edge_rows(model, X)


@case(versions=["3.3.5", "4.7.0"])
def texts_with_weights():
    X, y = cancer()
    model = LGBMClassifier(class_weight={"good": 2, "bad": 1}, **TWO).fit(X, numpy.array(["bad", "good"])[y])
    return model, edge_rows(model, X)


@case(versions=["4.7.0"])
def two_classes_of_many():
    X, y = cancer()
    model = LGBMClassifier(objective="multiclass", num_class=2, **TWO).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["3.3.5"], unsupported=True)
def two_classes_of_many_mixed_up():
    """Python's probabilities are those of all rows beside one another."""
    X, y = cancer()
    return LGBMClassifier(objective="multiclass", num_class=2, **TWO).fit(X, y), None


@case(versions=["4.7.0"], unsupported=True)
def stops_early():
    """Python leaves trees out of a row's prediction that is sure enough."""
    X, y = cancer()
    return LGBMClassifier(pred_early_stop=True, **TWO).fit(X, y), None


@case(methods=["predict", "raw_score", "apply"], calls=SUMS_AND_LEAVES)
def sums_and_leaves():
    X, y = cancer()
    model = LGBMClassifier(boosting_type="dart", drop_rate=0.6, **SMALL).fit(X, y)
    return model, edge_rows(model, X, methods=["predict"])


@case(versions=["3.3.5", "4.7.0"], methods=["predict", "predict_proba"])
def calibrated():
    """By the sums since LightGBM 4.7, which brought `decision_function`; by probabilities before."""
    X, y = cancer()
    model = CalibratedClassifierCV(LGBMClassifier(**TWO), cv=2).fit(X, y)
    return model, X[:12]


@case(versions=["2.3.1", "4.7.0"])
def searched_pipeline():
    X, y = iris()
    steps = Pipeline([("scale", StandardScaler()), ("boost", LGBMClassifier(**TWO))])
    model = GridSearchCV(steps, {"boost__num_leaves": [3, 4]}, cv=2).fit(X, y)
    return model, X[::15]
