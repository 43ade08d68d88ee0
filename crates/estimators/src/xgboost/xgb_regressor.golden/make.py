import numpy
import pandas
import xgboost
from golden import case, diabetes, edge_rows, linnerud
from xgboost import XGBRanker, XGBRegressor, XGBRFRegressor

OLD = xgboost.__version__.startswith("0.")
EARLY_IN_FIT = xgboost.__version__ < "1.6"
FIRST_LIMITS = xgboost.__version__ < "1.4"
SQUARED = "reg:squarederror"


def small(model=XGBRegressor, **options):
    options = dict(dict(n_estimators=4, max_depth=2, objective=SQUARED, n_jobs=1), **options)
    if OLD:
        options["silent"] = True
    return model(**options)


def data(n=60, scale=1.0):
    X, y = diabetes()
    return X[:n, :5], y[:n] / scale


def refused_as_value(model, rows):
    """XGBoost's own errors are no ValueErrors; before "] " stand the time and the place in its code."""
    try:
        return model.predict(rows)
    except xgboost.core.XGBoostError as error:
        text = str(error).split("Stack trace")[0].strip()
        raise ValueError(text.split(": ", 1)[-1])


def margins(model, rows):
    return model.predict(rows, output_margin=True)


ALL = dict(methods=["predict", "raw_score"], calls={"raw_score": margins})


def ranges_of(*wanted, leaves=True):
    """What a case has besides: predictions of these ranges; until 1.3 there is `ntree_limit`, and no start."""
    asked, calls = {}, {}
    for start, number in wanted:
        if FIRST_LIMITS and start:
            continue
        limits = dict(ntree_limit=number) if FIRST_LIMITS else dict(iteration_range=(start or 0, number and (start or 0) + number))
        for way, option in [("predict", {}), ("raw_score", dict(output_margin=True)), ("apply", None)]:
            if way == "apply" and (start or not leaves):
                continue
            name = "%s_from_%s_of_%s" % (way, start, number)
            ask = lambda model, rows, limits=limits: model.apply(rows, **limits)
            if option is not None:
                ask = lambda model, rows, option=dict(option, **limits): model.predict(rows, **option)
            asked[name], calls[name] = (way, start, number), ask
    calls["raw_score"] = margins
    methods = ["predict", "raw_score"] + ["apply"] * leaves + list(asked)
    return dict(methods=methods, calls=calls, ranges=asked)


@case(methods=["predict"])
def squared_error():
    X, y = data()
    model = small(n_estimators=12, max_depth=3).fit(X, y)
    return model, edge_rows(model, X, ["predict"])


@case(methods=["predict"], versions=["1.7"])
def base_score():
    X, y = data()
    model = small(base_score=100.3, num_parallel_tree=2, subsample=0.7, random_state=0).fit(X, y)
    return model, X[:10]


@case(**ALL)
def forest():
    X, y = data()
    model = small(XGBRFRegressor, n_estimators=3).fit(X, y)
    return model, X[:10]


@case(**ALL)
def ranker():
    X, y = data()
    y = (y > 120).astype(int)
    if OLD:
        model = small(XGBRanker, objective="rank:pairwise").fit(X, y, [20, 20, len(y) - 40])
    else:
        model = small(XGBRanker, objective="rank:pairwise").fit(X, y, group=[20, 20, len(y) - 40])
    return model, X[:10]


@case(**ALL)
def poisson():
    X, y = data(scale=30.0)
    model = small(objective="count:poisson", base_score=0.7).fit(X, y.round())
    return model, X[:12]


@case(methods=["predict"], versions=["3.2"])
def gamma():
    X, y = data(scale=30.0)
    model = small(objective="reg:gamma").fit(X, y)
    return model, X[:12]


@case(methods=["predict"], versions=["3.2"])
def tweedie():
    X, y = data(scale=30.0)
    model = small(objective="reg:tweedie").fit(X, y)
    return model, X[:12]


@case(methods=["predict"], versions=["3.2"])
def cox():
    X, y = data()
    model = small(objective="survival:cox").fit(X, y)
    return model, X[:12]


@case(methods=["predict"], versions=["3.2"])
def absolute_error():
    X, y = data()
    model = small(objective="reg:absoluteerror").fit(X, y)
    return model, X[:12]


@case(methods=["predict"], versions=["3.2"])
def pseudo_huber():
    X, y = data()
    model = small(objective="reg:pseudohubererror").fit(X, y)
    return model, X[:12]


@case(methods=["predict"], versions=["3.2"])
def squared_log_error():
    X, y = data()
    model = small(objective="reg:squaredlogerror").fit(X, y)
    return model, X[:12]


@case(methods=["predict"], versions=["3.2"])
def quantiles():
    X, y = data()
    model = small(objective="reg:quantileerror", quantile_alpha=numpy.array([0.1, 0.5, 0.9])).fit(X, y)
    return model, X[:12]


@case(**ALL)
def logistic():
    X, y = data()
    model = small(objective="reg:logistic", base_score=0.3).fit(X, (y > 120).astype(int))
    return model, X[:12]


@case(methods=["predict"])
def missing_zero():
    X, y = data()
    X = X.round(2)
    X[:, 1] = X[:, 1] > 0
    model = small(missing=0.0).fit(X, y)
    return model, X[:12] if OLD else edge_rows(model, X, ["predict"])


@case(methods=["predict"], versions=["0.90"], calls={"predict": lambda model, rows: refused_as_value(model, rows)}, refused=True)
def missing_zero_and_nan():
    X, y = data()
    return small(missing=0.0).fit(X, y), X[:3] * numpy.nan


@case(since="1.2", **ranges_of((None, 3), (2, 4), (0, 8)))
def dart():
    X, y = data()
    model = small(booster="dart", n_estimators=8, rate_drop=0.5, one_drop=1, random_state=1).fit(X, y / 100)
    return model, X[:15]


@case(**ALL)
def linear():
    X, y = data()
    X[::4, 0] = numpy.nan
    model = small(booster="gblinear").fit(X, y)
    return model, edge_rows(model, X, ["predict"])


@case(methods=["predict"], since="1.7")
def targets():
    X, y = linnerud()
    model = small(n_estimators=2).fit(X, y)
    return model, X[:10]


@case(versions=["3.2"], **ranges_of((1, 1), (0, 2), leaves=False))
def vector_leaves():
    X, y = linnerud()
    model = small(n_estimators=3, multi_strategy="multi_output_tree", tree_method="hist").fit(X, y)
    return model, edge_rows(model, X, ["predict"])


def stopped_early(model):
    X, y = data()
    watched = [(X[40:], y[40:])]
    if EARLY_IN_FIT:
        return model.fit(X[:40], y[:40], eval_set=watched, early_stopping_rounds=3, verbose=False), X[:12]
    model.set_params(early_stopping_rounds=3)
    return model.fit(X[:40], y[:40], eval_set=watched, verbose=False), X[:12]


@case(**ranges_of((None, 0), (None, 1), (0, 3), (1, 2), (0, 0)))
def early_stopping():
    return stopped_early(small(n_estimators=40, max_depth=3, learning_rate=0.9))


@case(versions=["1.2", "1.5", "1.7"], **ranges_of((None, 2), (1, 1), (1, 3)))
def several_trees_at_a_time():
    """Which trees the best iteration has."""
    return stopped_early(small(n_estimators=9, learning_rate=0.9, num_parallel_tree=2, subsample=0.7, random_state=0))


@case(methods=["predict"], versions=["0.90", "1.2"])
def ranker_stopped_early():
    """Unlike the others it predicts with all of its trees."""
    X, y = data(56)
    y = (y > 120).astype(int)
    model = small(XGBRanker, n_estimators=8, learning_rate=0.9, objective="rank:pairwise")
    watched = dict(eval_set=[(X[40:], y[40:])], eval_group=[[8, 8]], early_stopping_rounds=2, verbose=False)
    return model.fit(X[:40], y[:40], group=[20, 20], **watched), X[:10]


@case(methods=["predict"], versions=["1.2"], unsupported=True)
def linear_and_stopped_early():
    return stopped_early(small(booster="gblinear", n_estimators=9, learning_rate=0.9))[0], None


@case(methods=["predict", "apply"])
def one_tree():
    X, y = data()
    return small(n_estimators=1).fit(X, y), X[:6]


@case(methods=["predict"], since="1.7")
def categories():
    """Numbers of categories: unknown ones go left, and one of them alone may make a split."""
    X, y = data()
    X[:, 0] = numpy.arange(len(y)) % 7
    X[:, 1] = numpy.arange(len(y)) % 40
    options = dict(enable_categorical=True, tree_method="hist", max_depth=4, max_cat_to_onehot=8)
    model = small(feature_types=["c", "c", "q", "q", "q"], **options).fit(X, y)
    rows = numpy.vstack([X[:10], numpy.tile(X[:1], (9, 1))])
    rows[10:, 0] = [numpy.nan, 8, 100, 2.5, 0, 1, 2, 3, 4]
    rows[10:, 1] = [3, 45, 39, 2.0, 1000, 31, 32, 33, numpy.nan]
    return model, rows


def named_data(n=60):
    """A frame: one of seven texts, one of forty whole numbers, two numbers."""
    X, y = data(n)
    order = numpy.arange(len(y))
    place, code = order % 7, order * 3 % 40
    y = y + 40 * place + 3 * (code % 7)
    texts = numpy.array(["cedar", "fir", "alder", "birch", "elm", "oak", "yew"], dtype=object)[place]
    return pandas.DataFrame({"tree": texts, "code": code * 10, "first": X[:, 2], "second": X[:, 3]}), y


def with_categories(rows):
    return rows.astype({"tree": "category", "code": "category"})


def named_model():
    X, y = named_data()
    return small(enable_categorical=True, max_depth=4, max_cat_to_onehot=8).fit(with_categories(X), y)


@case(methods=["predict", "apply"], versions=["3.2"])
def named_categories():
    """The model knows them by their names; an unseen one is taken for the next larger."""
    rows, _ = named_data(20)
    rows["tree"] = [*rows["tree"][:14], "Zoo", "a", "birds", "yes", None, "elm"]
    rows["code"] = [*rows["code"][:14], -5, 385, 11, 0, 390, 20]
    return named_model(), with_categories(rows)


@case(methods=["predict"], versions=["3.2"], calls={"predict": lambda model, rows: refused_as_value(model, rows)}, refused=True)
def category_larger_than_all():
    rows, _ = named_data(3)
    rows["tree"] = ["elm", "zoo", "elm"]
    return named_model(), with_categories(rows)


@case(methods=["predict"], versions=["3.2"], unsupported=True)
def categories_beyond_ascii():
    X, y = named_data()
    X["tree"] = X["tree"].replace("birch", "bouleau argenté")
    return small(enable_categorical=True).fit(with_categories(X), y), None
