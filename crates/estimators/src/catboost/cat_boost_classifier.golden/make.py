import numpy
import pandas
from catboost import CatBoostClassifier
from golden import cancer, case, edge_rows, iris, penguins

METHODS = ["predict", "predict_proba", "predict_log_proba", "decision_function"]


def raw(model, rows, **limits):
    return model.predict(rows, prediction_type="RawFormulaVal", **limits)


HOW = dict(methods=METHODS + ["raw_score"], calls={"decision_function": raw, "raw_score": raw})


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


PROBA = lambda model, rows, **limits: model.predict_proba(rows, **limits)
RANGES = ranges_of((None, 2), (1, 1), (2, 1), **dict(HOW, calls=dict(HOW["calls"], predict_proba=PROBA)))


def small(**options):
    return CatBoostClassifier(**dict(dict(iterations=3, depth=2, thread_count=1, verbose=False, allow_writing_files=False), **options))


def categories_of_penguins():
    """Three columns of categories, one of them of many, and a number."""
    X, y = penguins(count=340)
    X["bill"] = ["%d mm" % (x // 2) if x == x else "none" for x in X["bill_length_mm"]]
    return X[["island", "sex", "bill", "bill_depth_mm"]].fillna({"sex": "nan"}), y


def edges(model, X):
    return edge_rows(model, X, METHODS[:3])


@case(**HOW)
def binary():
    X, y = cancer()
    model = small(iterations=6).fit(X, y)
    return model, edges(model, X)


@case(**RANGES)
def multiclass():
    X, y = iris(frame=True)
    model = small().fit(X, y)
    return model, edges(model, X)


@case(versions=["1.2"], **RANGES)
def texts():
    X, y = iris()
    model = small(grow_policy="Lossguide").fit(X, numpy.array(["setosa", "versicolor", "virginica"])[y])
    return model, X[::4]


@case(versions=["0.26", "1.2"], **HOW)
def flags():
    X, y = cancer()
    model = small().fit(X, y == 1)
    return model, X[::4]


@case(versions=["1.2"], **HOW)
def floats():
    X, y = cancer()
    model = small().fit(X, y + 0.5)
    return model, X[::4]


@case(versions=["1.2"], **HOW)
def cross_entropy():
    X, y = cancer()
    model = small(loss_function="CrossEntropy").fit(X, y)
    return model, X[::4]


@case(versions=["1.2"], **HOW)
def one_vs_all():
    X, y = iris()
    model = small(loss_function="MultiClassOneVsAll").fit(X, y)
    return model, X[::4]


@case(versions=["1.2"], **RANGES)
def class_without_rows():
    X, y = iris()
    model = small(loss_function="MultiClass", classes_count=5).fit(X, y + (y == 2))
    return model, X[::4]


@case(versions=["1.2"], **HOW)
def several_labels():
    X, y = cancer()
    y = numpy.column_stack([y, X[:, 0] > 14, X[:, 1] > 20]).astype(int)
    model = small(loss_function="MultiLogloss").fit(X, y)
    return model, X[::4]


@case(versions=["1.2"], **HOW)
def threshold():
    X, y = cancer()
    model = small().fit(X, y)
    model.set_probability_threshold(0.8)
    return model, X[::3]


@case(**HOW)
def one_hot():
    X, y = penguins()
    X = X[["island", "sex", "body_mass_g"]].fillna({"sex": "nan"})
    X["body_mass_g"] = X["body_mass_g"].astype("float64")
    model = small(cat_features=["island", "sex"], one_hot_max_size=10).fit(X, y)
    return model, edges(model, X)


@case(**RANGES)
def categories():
    X, y = categories_of_penguins()
    model = small(cat_features=[0, 1, 2], depth=3, max_ctr_complexity=2).fit(X, y == "Gentoo")
    return model, edges(model, X)


@case(versions=["0.26", "1.2"], **HOW)
def combinations():
    """Combinations of categories with each other, with a category's test and with a number's."""
    X, _ = categories_of_penguins()
    few = X["bill"].isin(["17 mm", "19 mm", "21 mm", "23 mm"])
    y = ((X["bill_depth_mm"].fillna(0) > 17) ^ few ^ (X["sex"] == "male")).astype(int)
    options = dict(one_hot_max_size=3, max_ctr_complexity=4, model_size_reg=0, simple_ctr=["Counter"], combinations_ctr=["Borders"])
    model = small(cat_features=["island", "sex", "bill"], depth=4, iterations=4, **options).fit(X, y)
    return model, edges(model, X)


@case(versions=["1.2"], **HOW)
def categories_as_flags():
    X, y = penguins()
    X = pandas.DataFrame({"heavy": X["body_mass_g"] > 4300, "bill_depth_mm": X["bill_depth_mm"], "late": X["year"] > 2008})
    model = small(cat_features=["heavy", "late"], depth=3).fit(X, y)
    return model, edges(model, X)


@case(versions=["1.2"], **HOW)
def category_codes():
    """A column of pandas' categories, of which the model sees the texts."""
    X, y = penguins()
    X = pandas.DataFrame({"island": X["island"].astype("category"), "bill_depth_mm": X["bill_depth_mm"]})
    model = small(cat_features=["island"], one_hot_max_size=5).fit(X, y)
    return model, X[::8]
