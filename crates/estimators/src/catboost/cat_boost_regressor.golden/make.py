import numpy
import pandas
from catboost import CatBoost, CatBoostRanker, CatBoostRegressor
from golden import case, diabetes, edge_rows, linnerud, penguins


def small(model=CatBoostRegressor, **options):
    return model(**dict(dict(iterations=3, depth=2, thread_count=1, verbose=False, allow_writing_files=False), **options))


def predict(model, rows, **limits):
    return model.predict(rows, **limits)


def raw(model, rows, **limits):
    """As the class that a ranker, whose own `predict` has no such option, derives from."""
    return CatBoost.predict(model, rows, prediction_type="RawFormulaVal", **limits)


HOW = dict(methods=["predict", "raw_score"], calls={"predict": predict, "raw_score": raw})


def ranges_of(*wanted, **how):
    """What a case has besides: each of its methods of these ranges."""
    asked, calls = {}, dict(how["calls"])
    for method, ask in how["calls"].items():
        for start, number in wanted:
            name = "%s_from_%s_of_%s" % (method, start, number)
            limits = dict(ntree_start=start or 0, ntree_end=number and (start or 0) + number)
            calls[name] = lambda model, rows, ask=ask, limits=limits: ask(model, rows, **limits)
            asked[name] = (method, start, number)
    return dict(how, methods=how["methods"] + list(asked), calls=calls, ranges=asked)


RANGES = ranges_of((None, 2), (1, 2), (2, 1), (0, 0), **HOW)


@case(**RANGES)
def rmse():
    X, y = diabetes()
    model = small(iterations=6).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.2"], **RANGES)
def poisson():
    X, y = diabetes()
    model = small(loss_function="Poisson").fit(X, y)
    return model, X[::4]


@case(versions=["0.26"])
def tweedie():
    X, y = diabetes()
    model = small(objective="Tweedie:variance_power=1.5").fit(X, y)
    return model, X[::4]


@case(versions=["1.2"], **RANGES)
def uncertainty():
    X, y = diabetes()
    model = small(loss_function="RMSEWithUncertainty").fit(X, y)
    return model, X[::4]


@case(versions=["1.2"])
def quantile():
    X, y = diabetes()
    model = small(loss_function="Quantile:alpha=0.9").fit(X, y)
    return model, X[::4]


@case(versions=["1.2"])
def several_quantiles():
    X, y = diabetes()
    model = small(loss_function="MultiQuantile:alpha=0.1,0.9").fit(X, y)
    return model, X[::4]


@case(versions=["1.0", "1.2"], **RANGES)
def several_targets():
    X, y = linnerud()
    model = small(loss_function="MultiRMSE").fit(X, y)
    return model, X[:12]


@case(versions=["1.2"], **RANGES)
def by_depth():
    X, y = diabetes()
    model = small(grow_policy="Depthwise", depth=3, min_data_in_leaf=6).fit(X, y)
    return model, edge_rows(model, X)


@case(**RANGES)
def by_loss():
    X, y = penguins("body_mass_g")
    X = X[["bill_length_mm", "flipper_length_mm", "year"]].astype("float64")
    model = small(grow_policy="Lossguide", max_leaves=5, depth=6).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.2"], **RANGES)
def by_depth_with_several_targets():
    X, y = linnerud()
    model = small(loss_function="MultiRMSE", grow_policy="Depthwise", boosting_type="Plain").fit(X, y)
    return model, X[:12]


@case(versions=["1.2"])
def missing_is_large():
    X, y = penguins("body_mass_g")
    X = X[["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]].copy()
    X.iloc[::5, 0] = numpy.nan
    model = small(nan_mode="Max", iterations=5, depth=3).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.2"])
def missing_is_small():
    X, y = penguins("body_mass_g")
    X = X[["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]].copy()
    X.iloc[::5, 0] = numpy.nan
    model = small(iterations=5, depth=3).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.2"], **RANGES)
def scale_and_bias():
    X, y = diabetes()
    model = small().fit(X, y)
    model.set_scale_and_bias(0.3, 2.7)
    return model, X[::4]


@case(versions=["1.2"])
def best_iteration():
    X, y = diabetes()
    model = small(iterations=40, learning_rate=0.9, early_stopping_rounds=3).fit(X[:40], y[:40], eval_set=(X[40:], y[40:]))
    return model, X[::4]


@case(versions=["1.2"])
def shrunk():
    X, y = diabetes()
    model = small(iterations=6).fit(X, y)
    model.shrink(ntree_start=1, ntree_end=4)
    return model, X[::4]


def categories_of_penguins():
    X, y = penguins("body_mass_g", 340)
    X["bill"] = ["%d mm" % (x // 2) for x in X["bill_length_mm"]]
    return X[["island", "bill"]], y


def with_statistics(*kinds):
    X, y = categories_of_penguins()
    model = small(cat_features=["island", "bill"], one_hot_max_size=1, simple_ctr=list(kinds)).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.2"])
def counts():
    return with_statistics("Counter:Prior=0.5")


@case(versions=["1.2"])
def target_means():
    return with_statistics("BinarizedTargetMeanValue:TargetBorderCount=3:Prior=0.25")


@case(versions=["0.26", "1.2"])
def target_buckets():
    return with_statistics("Buckets:TargetBorderCount=3")


@case(versions=["0.26", "1.2"])
def target_borders():
    return with_statistics("Borders:TargetBorderCount=3:Prior=0.25")


@case(**HOW)
def ranker():
    X, y = diabetes()
    model = small(CatBoostRanker, loss_function="YetiRank", random_seed=1)
    model.fit(X, y / y.max(), group_id=numpy.arange(len(y)) // 8)
    return model, X[::4]


@case(versions=["1.2"])
def ranker_of_pairs():
    X, y = diabetes()
    model = small(CatBoostRanker, loss_function="PairLogit")
    model.fit(X, y / y.max(), group_id=numpy.arange(len(y)) // 8)
    return model, X[::4]


@case(versions=["1.2"], refused=True)
def missing_category():
    X, y = penguins("body_mass_g")
    model = small(cat_features=["island"]).fit(X[["island"]], y)
    return model, pandas.DataFrame({"island": ["Biscoe", numpy.nan]})
