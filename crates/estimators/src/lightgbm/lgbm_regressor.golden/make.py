import lightgbm
import numpy
import pandas
from golden import case, diabetes, edge_rows, iris, penguins, wine
from lightgbm import LGBMModel, LGBMRanker, LGBMRegressor

SMALL = dict(n_estimators=3, num_leaves=4, min_child_samples=5, verbose=-1, n_jobs=1, random_state=0)
OLDEST_AND_NEWEST = ["2.3.1", "4.7.0"]
SUMS_AND_LEAVES = {
    "raw_score": lambda model, rows: model.predict(rows, raw_score=True),
    "apply": lambda model, rows: model.predict(rows, pred_leaf=True),
}


def ranges_of(*wanted):
    """What a case has besides: each of the ways to ask of each range, None being not given. LightGBM 2.3 knows no start."""
    asked, calls = {}, {}
    for way, option in [("predict", {}), ("raw_score", dict(raw_score=True)), ("apply", dict(pred_leaf=True))]:
        for start, number in wanted:
            if lightgbm.__version__[0] == "2" and start is not None or way == "apply" and (start or 0) > 2:
                continue
            name = "%s_from_%s_of_%s" % (way, start, number)
            given = {} if start is None else dict(start_iteration=start)
            calls[name] = lambda model, rows, option=dict(option, num_iteration=number, **given): model.predict(rows, **option)
            asked[name] = (way, start, number)
    return dict(methods=["predict"] + list(asked), calls=calls, ranges=asked)


RANGES = ranges_of((None, 1), (1, None), (1, 1), (-1, 2), (2, 9), (None, 9), (3, None), (7, 1))


@case()
def squared_error():
    X, y = diabetes()
    model = LGBMRegressor(**SMALL).fit(X, y)
    return model, edge_rows(model, X)


@case()
def missing_values():
    X, y = diabetes()
    X[::3, 2] = numpy.nan
    X[1::4, 3] = 0.0
    model = LGBMRegressor(**SMALL).fit(X, y)
    return model, edge_rows(model, X)


@case()
def zero_is_missing():
    X, y = diabetes()
    X[::3, 2] = 0.0
    X[1::3, 3] = 0.0
    model = LGBMRegressor(zero_as_missing=True, **SMALL).fit(X, y + 90 * (X[:, 2] == 0) - 70 * (X[:, 3] == 0))
    rows = edge_rows(model, X)
    rows[:6, 2] = [1e-35, -1e-35, 1.1e-35, -1.1e-35, 1e-36, float(numpy.float32(1e-35))]
    return model, rows


@case(versions=["4.7.0"], dump="joblib", compress=3)
def one_leaf():
    X, y = diabetes()
    model = LGBMRegressor(**{**SMALL, "min_child_samples": 100}).fit(X, y)
    return model, X[:5]


@case(versions=["4.7.0"])
def many_leaves():
    """More than the 32 a small tree may have."""
    X, y = wine()
    model = LGBMRegressor(**{**SMALL, "n_estimators": 2, "num_leaves": 40, "min_child_samples": 1}).fit(X, X[:, 0] * X[:, 1])
    return model, edge_rows(model, X)


@case(**RANGES)
def dart():
    X, y = diabetes()
    model = LGBMRegressor(boosting_type="dart", drop_rate=0.6, **SMALL).fit(X, y)
    return model, edge_rows(model, X, methods=["predict"])


@case(**RANGES)
def random_forest():
    """An average is that of the iterations chosen, NaN of none."""
    X, y = diabetes()
    model = LGBMRegressor(boosting_type="rf", subsample=0.6, subsample_freq=1, **SMALL).fit(X, y)
    return model, edge_rows(model, X, methods=["predict"])


@case(versions=["3.3.5", "4.7.0"], **RANGES)
def linear_leaves():
    X, y = wine()
    X[5, 0] = numpy.nan
    model = LGBMRegressor(linear_tree=True, **{**SMALL, "min_child_samples": 15}).fit(X, X[:, 1] * X[:, 2] + X[:, 4])
    return model, edge_rows(model, X, methods=["predict"])


@case(versions=["3.3.5", "4.7.0"])
def linear_leaf_alone():
    X, y = wine()
    model = LGBMRegressor(linear_tree=True, **{**SMALL, "min_child_samples": 150}).fit(X, X[:, 1] + X[:, 4])
    return model, X[:5]


@case(versions=OLDEST_AND_NEWEST, **ranges_of((None, -1), (0, 0), (0, None), (None, 1), (1, None), (-1, None), (1, 0), (2, 1)))
def best_iteration():
    """As early stopping leaves a booster that was kept for further training: the trees up to the best iteration count."""
    X, y = diabetes()
    model = LGBMRegressor(**SMALL).fit(X, y)
    model.booster_.best_iteration = 2
    return model, edge_rows(model, X, methods=["predict"])


def objective(name, shift=0.0, **options):
    X, y = diabetes()
    model = LGBMRegressor(objective=name, **{**SMALL, "n_estimators": 2}, **options).fit(X, y / 100 + shift)
    return model, edge_rows(model, X)


@case(versions=["4.7.0"])
def absolute_error():
    return objective("mae")


@case(versions=["4.7.0"])
def huber():
    return objective("huber")


@case(versions=["4.7.0"])
def fair():
    return objective("fair")


@case(versions=["4.7.0"])
def quantile():
    return objective("quantile", alpha=0.3)


@case(versions=["4.7.0"])
def mape():
    return objective("mape")


@case(versions=OLDEST_AND_NEWEST)
def square_root():
    return objective("regression", shift=-1.5, reg_sqrt=True)


@case(methods=["predict", "raw_score", "apply"], calls=SUMS_AND_LEAVES)
def poisson():
    X, y = diabetes()
    model = LGBMRegressor(objective="poisson", **{**SMALL, "n_estimators": 2}).fit(X, y / 100)
    return model, edge_rows(model, X, methods=["predict"])


@case(versions=["4.7.0"])
def gamma():
    return objective("gamma")


@case(versions=["4.7.0"])
def tweedie():
    return objective("tweedie")


@case(versions=OLDEST_AND_NEWEST)
def cross_entropy():
    X, y = diabetes()
    model = LGBMRegressor(objective="cross_entropy", **SMALL).fit(X, y / 400)
    return model, edge_rows(model, X)


@case()
def cross_entropy_lambda():
    X, y = diabetes()
    model = LGBMRegressor(objective="cross_entropy_lambda", **SMALL).fit(X, y / 400)
    return model, edge_rows(model, X)


def own_objective(y_true, y_pred):
    return y_pred - y_true, numpy.ones_like(y_true)


@case(versions=["4.7.0"])
def trained_by_a_function():
    """The function's name is not needed: the sums are the predictions."""
    X, y = diabetes()
    model = LGBMRegressor(**SMALL)
    model.set_params(objective=own_objective).fit(X, y)
    model.set_params(objective=None)
    model._objective = "custom"
    return model, edge_rows(model, X)


@case()
def categories_of_a_frame():
    table, y = penguins("body_mass_g")
    X = table[["island", "bill_length_mm", "year"]].copy()
    X["island"] = X["island"].astype("category")
    X["year"] = X["year"].astype("category")
    model = LGBMRegressor(**{**SMALL, "min_data_per_group": 5, "cat_smooth": 1}).fit(X, y)
    rows = X.iloc[::9].reset_index(drop=True)
    rows["island"] = rows["island"].cat.add_categories(["unseen"])
    rows.loc[1, "island"] = "unseen"
    rows.loc[2, "island"] = numpy.nan
    rows.loc[3, "year"] = numpy.nan
    return model, rows


@case(versions=["4.7.0"])
def categories_with_many_digits():
    table, y = penguins("body_mass_g")
    X = table[["year", "bill_length_mm"]].copy()
    X["year"] = numpy.sqrt(X["year"] * 1e-7).astype("category")
    model = LGBMRegressor(**{**SMALL, "min_data_per_group": 5, "cat_smooth": 1}).fit(X, y + 900 * (table["year"] == 2008))
    return model, X.iloc[::9].reset_index(drop=True)


@case(versions=OLDEST_AND_NEWEST)
def categories_of_a_frame_and_of_numbers():
    """Columns of categories are named; one of them holds numbers of its own."""
    table, y = penguins("body_mass_g")
    X = table[["year", "bill_length_mm", "island"]].copy()
    X["island"] = X["island"].astype("category")
    few = {**SMALL, "min_data_per_group": 5, "cat_smooth": 1}
    model = LGBMRegressor(**few).fit(X, y, categorical_feature=["island", "year"])
    return model, X.iloc[::9].reset_index(drop=True)


@case()
def ordered_categories():
    """Their numbers are plain ones to the trees, and no parameter names the column."""
    table, y = penguins("body_mass_g")
    X = table[["island", "bill_length_mm", "sex", "year"]].copy()
    X["island"] = X["island"].astype("category")
    X["sex"] = X["sex"].astype(pandas.CategoricalDtype(["male", "female"], ordered=True))
    model = LGBMRegressor(**{**SMALL, "min_data_per_group": 5, "cat_smooth": 1}).fit(X, y)
    return model, X.iloc[::9].reset_index(drop=True)


@case(versions=["4.7.0"], unsupported=True)
def categories_of_which_columns():
    """The lists fit the columns that the user named, and others better: ordered categories beside numbers of the user's own."""
    table, y = penguins("body_mass_g")
    X = table[["island", "year", "sex"]].copy()
    X["island"] = X["island"].astype(pandas.CategoricalDtype(sorted(set(X["island"])), ordered=True))
    X["year"] = X["year"].astype("category")
    X["sex"] = (X["sex"] == "male").astype(int)
    few = {**SMALL, "min_data_per_group": 5, "cat_smooth": 1}
    return LGBMRegressor(**few).fit(X, y, categorical_feature=["year", "sex"]), None


@case()
def categories_of_an_array():
    X, y = iris()
    X[:, 0] = numpy.arange(len(X)) % 40
    X[:, 1] = numpy.arange(len(X)) % 3
    target = y + 3 * (X[:, 0] % 5 == 2) + (X[:, 1] == 1)
    few = {**SMALL, "min_data_per_group": 1, "min_child_samples": 1, "cat_smooth": 1, "max_cat_to_onehot": 1}
    model = LGBMRegressor(min_data_in_bin=1, **few).fit(X, target, categorical_feature=[0, 1])
    rows = edge_rows(model, X)
    more = numpy.repeat(X[:1], 12, axis=0)
    more[:, 0] = [2.9, 37.0, -0.5, -1.0, 41.0, 2e9, 3e9, -3e9, 1e-36, 12.0, 22.0, 33.0]
    return model, numpy.vstack([rows, more])


@case()
def ranker():
    X, y = iris()
    model = LGBMRanker(**SMALL).fit(X, y, group=[20, 15, 15])
    return model, edge_rows(model, X)


@case(versions=["4.7.0"])
def rank_xendcg():
    X, y = iris()
    model = LGBMRanker(objective="rank_xendcg", **SMALL).fit(X, y, group=[20, 15, 15])
    return model, X[:10]


@case(versions=["4.7.0"])
def base_class():
    X, y = diabetes()
    model = LGBMModel(objective="regression", **SMALL).fit(X, y)
    return model, X[:10]
