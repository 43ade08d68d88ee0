import pandas
import xgboost
from golden import cancer, case, diabetes, edge_rows, iris
from xgboost import DMatrix, XGBClassifier, XGBRegressor

OLD = xgboost.__version__.startswith("0.")
LIMITS = xgboost.__version__ < "1.4"
CALLS = {
    "raw_score": lambda model, rows: model.predict(DMatrix(rows), output_margin=True),
    "predict": lambda model, rows: model.predict(DMatrix(rows)),
    "apply": lambda model, rows: model.predict(DMatrix(rows), pred_leaf=True),
}


def ranges_of(*wanted):
    """What a case has besides: predictions of these ranges; until 1.3 there is `ntree_limit`, and no start."""
    asked, calls = {}, dict(CALLS)
    for start, number in wanted:
        if not (LIMITS and start):
            name = "from_%s_of_%s" % (start, number)
            limits = dict(ntree_limit=number) if LIMITS else dict(iteration_range=(start or 0, number and (start or 0) + number))
            calls[name] = lambda model, rows, limits=limits: model.predict(DMatrix(rows), **limits)
            asked[name] = ("predict", start, number)
    return dict(methods=["predict", "raw_score"] + list(asked), calls=calls, ranges=asked)


def train(X, y, n_trees=4, **options):
    options = dict(dict(max_depth=2, nthread=1), **options)
    if OLD:
        options["silent"] = 1
    return xgboost.train(options, DMatrix(X, y), n_trees)


def data():
    X, y = cancer()
    return X[:100, :5], y[:100]


def edges(model, X):
    """Those rows that a DMatrix takes."""
    rows = []
    for row in edge_rows(model, X, ["predict"]):
        try:
            model.get_booster().predict(DMatrix(row.reshape(1, -1)))
            rows.append(row)
        except ValueError:
            pass
    return pandas.DataFrame(rows).to_numpy()


@case(**ranges_of((None, 2), (1, 2), (1, 0), (4, 0), (0, 0)))
def pickled():
    X, y = data()
    model = XGBClassifier(n_estimators=4, max_depth=2).fit(X, y)
    return model.get_booster(), edges(model, X)


@case(methods=["predict"], calls=CALLS, dump="native:ubj", versions=["3.2"])
def ubj():
    X, y = data()
    return train(X, y, objective="binary:logistic"), X[:12]


@case(methods=["predict", "apply"], calls=CALLS, dump="native:json", versions=["1.2", "1.7", "3.2"])
def json():
    X, y = iris()
    return train(X, y, n_trees=2, objective="multi:softprob", num_class=3), X[::12]


@case(methods=["predict"], calls=CALLS, dump="native:bin", versions=["0.90", "1.2", "1.7"])
def old_format():
    X, y = data()
    return train(X, y, objective="binary:logistic", base_score=0.3), X[:12]


@case(methods=["predict"], calls=CALLS, dump="native:bin", versions=["0.90", "1.2", "1.7"])
def old_format_linear():
    X, y = data()
    return train(X, y, objective="binary:logistic", booster="gblinear"), X[:12]


@case(dump="native:bin", versions=["1.7"], **ranges_of((1, 2)))
def old_format_dart():
    X, y = data()
    options = dict(booster="dart", rate_drop=0.5, one_drop=1, seed=1)
    return train(X, y, objective="binary:logistic", **options), X[:12]


@case(versions=["0.90", "1.2", "1.7", "3.2"], **ranges_of((0, 1), (1, 1)))
def softmax():
    X, y = iris()
    return train(X, y, n_trees=2, objective="multi:softmax", num_class=3), X[::12]


@case(since="1.7", **ranges_of((0, 3), (2, 4), (5, 0), (8, 0)))
def dart():
    X, y = diabetes()
    options = dict(booster="dart", rate_drop=0.5, one_drop=1, seed=1)
    return train(X[:80, :5], y[:80] / 100, n_trees=8, **options), X[:12, :5]


@case(methods=["predict"], calls=CALLS, since="1.7")
def survival():
    X, y = diabetes()
    frame = DMatrix(X[:80, :5])
    frame.set_float_info("label_lower_bound", y[:80])
    frame.set_float_info("label_upper_bound", y[:80] + 5)
    options = dict(objective="survival:aft", aft_loss_distribution="normal", max_depth=2, base_score=20.0)
    return xgboost.train(options, frame, 4), X[:12, :5]


@case(methods=["predict"], calls=CALLS)
def names():
    X, y = data()
    X = pandas.DataFrame(X, columns=["radius", "texture", "perimeter", "area", "smoothness"])
    model = XGBRegressor(n_estimators=2, max_depth=2, objective="reg:squarederror").fit(X, y)
    return model.get_booster(), X.head(8)
