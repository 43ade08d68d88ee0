import lightgbm
import numpy
from golden import cancer, case, diabetes, edge_rows, iris, penguins, wine

SMALL = dict(num_leaves=4, min_data_in_leaf=5, verbose=-1, num_threads=1, seed=0)


SUMS_AND_LEAVES = {
    "raw_score": lambda model, rows: model.predict(rows, raw_score=True),
    "apply": lambda model, rows: model.predict(rows, pred_leaf=True),
}
EVERYTHING = dict(methods=["predict", *SUMS_AND_LEAVES], calls=SUMS_AND_LEAVES)


def trained(X, y, rounds=2, **options):
    return lightgbm.train({**SMALL, **options}, lightgbm.Dataset(X, y), num_boost_round=rounds)


@case(dump="native:txt", methods=["predict"])
def regression():
    X, y = diabetes()
    model = trained(X, y)
    return model, edge_rows(model, X, methods=["predict"])


@case(versions=["4.7.0"], dump="native:txt", methods=["predict"])
def binary():
    X, y = cancer()
    model = trained(X, y, objective="binary")
    return model, edge_rows(model, X, methods=["predict"])


@case(versions=["4.7.0"], dump="native:txt", **EVERYTHING)
def multiclass():
    X, y = iris()
    model = trained(X, y, objective="multiclass", num_class=3)
    return model, edge_rows(model, X, methods=["predict"])


@case(**EVERYTHING)
def pickled():
    X, y = diabetes()
    model = trained(X, y, objective="poisson")
    return model, edge_rows(model, X, methods=["predict"])


def frame_with_categories():
    table, y = penguins("body_mass_g")
    X = table[["island", "bill_length_mm", "sex"]].copy()
    for name in ["island", "sex"]:
        X[name] = X[name].astype("category")
    model = trained(X, y, min_data_per_group=5, cat_smooth=1)
    return model, X.iloc[::20].reset_index(drop=True)


@case(dump="native:txt", methods=["predict"])
def categories_of_a_frame():
    return frame_with_categories()


@case(versions=["4.7.0"], dump="native:txt", **EVERYTHING)
def one_tree():
    """Its leaves are one dimension."""
    X, y = diabetes()
    model = trained(X, y, rounds=1)
    return model, X[:5]


@case(since="3.3", dump="native:txt", **EVERYTHING)
def iterations_from_the_second_on():
    """As they were saved: an average is that of these."""
    X, y = diabetes()
    forest = trained(X, y, rounds=4, boosting="rf", bagging_fraction=0.6, bagging_freq=1)
    model = lightgbm.Booster(model_str=forest.model_to_string(start_iteration=1, num_iteration=2))
    return model, edge_rows(model, X, methods=["predict"])


@case(dump="native:json", **EVERYTHING)
def json_regression():
    X, y = diabetes()
    X[::3, 2] = numpy.nan
    model = trained(X, y, rounds=3, num_leaves=6)
    return model, edge_rows(model, X, methods=["predict"])


@case(dump="native:json", methods=["predict"])
def json_categories_of_a_frame():
    return frame_with_categories()


@case(dump="native:json", **EVERYTHING)
def json_classes():
    """Categories of an array, with sets of several words; a missing 0."""
    X, y = iris()
    X[:, 0] = numpy.arange(len(X)) % 80
    X[::3, 1] = 0.0
    few = dict(min_data_per_group=1, min_data_in_leaf=1, min_data_in_bin=1, cat_smooth=1, max_cat_to_onehot=1)
    target = (y + (X[:, 0] % 5 == 2) + (X[:, 1] == 0)) % 3
    each = dict(objective="multiclassova", sigmoid=0.7, num_class=3, zero_as_missing=True)
    model = trained(X, target, categorical_feature=[0], **each, **few)
    return model, edge_rows(model, X, methods=["predict"])


@case(since="3.3", dump="native:json", **EVERYTHING)
def json_linear_leaves():
    X, y = wine()
    X[5, 0] = numpy.nan
    model = trained(X, X[:, 1] * X[:, 2] + X[:, 4], linear_tree=True, min_data_in_leaf=15)
    return model, edge_rows(model, X, methods=["predict"])


@case(versions=["4.7.0"], dump="native:json", **EVERYTHING)
def json_random_forest():
    X, y = diabetes()
    model = trained(X, y, boosting="rf", bagging_fraction=0.6, bagging_freq=1)
    return model, edge_rows(model, X, methods=["predict"])


@case(dump="native:json", **EVERYTHING)
def json_one_leaf():
    X, y = diabetes()
    model = trained(X, y, rounds=1, min_data_in_leaf=400)
    return model, X[:5]


@case(versions=["4.7.0"], dump="native:json", methods=["predict"])
def json_cross_entropy_lambda():
    X, y = diabetes()
    model = trained(X, y / 400, objective="cross_entropy_lambda")
    return model, edge_rows(model, X, methods=["predict"])


@case(versions=["3.3.5"], dump="native:json", unsupported=True)
def json_of_a_changed_objective():
    """Its last bits changed in 3.3, and the form does not say which version wrote it."""
    X, y = diabetes()
    return trained(X, y / 400, objective="cross_entropy_lambda"), None


def json_of_gaps():
    """A threshold that parts what is there from what is missing is infinity, written as 1e300."""
    X, y = diabetes()
    X[::3, 2] = numpy.nan
    model = trained(X, 100.0 * numpy.isnan(X[:, 2]) + y / 100)
    X[:5, 2] = [numpy.inf, 1e300, 1.5e308, numpy.nan, -numpy.inf]
    return model, X[:12]


@case(since="3.3", dump="native:json", **EVERYTHING)
def json_gaps():
    return json_of_gaps()


@case(versions=["2.3.1"], dump="native:json", unsupported=True)
def json_gaps_without_ranges():
    """Such a threshold might be a number, for all the form says."""
    return json_of_gaps()


def missing_apart(X, y):
    """Numbers that are infinite in training: a threshold among them is written as 1e300, as infinity is."""
    X[::3, 2] = numpy.nan
    X[1::3, 2] = numpy.inf
    return trained(X, 100.0 * numpy.isnan(X[:, 2]) + 50.0 * numpy.isinf(X[:, 2]) + y / 100)


@case(versions=["4.7.0"], dump="native:txt", methods=["predict"])
def infinite_threshold():
    X, y = diabetes()
    model = missing_apart(X, y)
    return model, edge_rows(model, X, methods=["predict"])


@case(versions=["4.7.0"], dump="native:json", unsupported=True)
def json_infinite_threshold():
    X, y = diabetes()
    return missing_apart(X, y), None
