import os
import tempfile

from catboost import CatBoost
from golden import cancer, case, diabetes, edge_rows, linnerud, penguins


def penguins_of_islands():
    """Two columns of categories, of which one has many."""
    X, y = penguins("body_mass_g", 340)
    X["bill"] = ["%d mm" % (x // 2) for x in X["bill_length_mm"]]
    return X[["island", "bill"]], y


def small(**options):
    return CatBoost(dict(dict(iterations=3, depth=2, thread_count=1, verbose=False, allow_writing_files=False), **options))


def predictions(kind):
    return lambda model, rows: model.predict(rows, prediction_type=kind)


def predictions_of_json(kind):
    """What CatBoost predicts that has read the JSON: it does not read numbers to the last bit."""

    def call(model, rows):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.json")
            model.save_model(path, format="json")
            return CatBoost().load_model(path, format="json").predict(rows, prediction_type=kind)

    return call


KINDS = {"predict": "RawFormulaVal", "raw_score": "RawFormulaVal", "predict_proba": "Probability", "predict_log_proba": "LogProbability"}
CBM = dict(dump="native:cbm", methods=list(KINDS), calls={name: predictions(kind) for name, kind in KINDS.items()})
JSON = dict(dump="native:json", methods=list(KINDS), calls={name: predictions_of_json(kind) for name, kind in KINDS.items()})
NUMBERS = dict(JSON, methods=["predict", "raw_score"])


@case(methods=["predict"])
def pickled():
    X, y = diabetes()
    model = small().fit(X, y)
    return model, edge_rows(model, X, ["predict"])


@case(dump="joblib", versions=["1.2"], methods=["predict"])
def joblib():
    X, y = diabetes()
    return small().fit(X, y), X[::4]


@case(**CBM)
def cbm():
    X, y = cancer(frame=True)
    model = small(loss_function="Logloss").fit(X, y)
    return model, X.iloc[::4]


@case(versions=["1.2"], **CBM)
def cbm_with_categories():
    X, y = penguins_of_islands()
    model = small(loss_function="MultiClass", cat_features=["island", "bill"], one_hot_max_size=1).fit(X, y > 4000)
    return model, X.iloc[::16]


@case(versions=["1.2"], dump="native:cbm", methods=["predict"])
def cbm_by_depth():
    X, y = linnerud()
    model = small(loss_function="MultiRMSE", grow_policy="Depthwise", depth=3).fit(X, y)
    return model, X


@case(versions=["1.2"], dump="native:cbm", methods=["predict"])
def statistics_of_gpus():
    """Only training on a GPU makes models with these; others differ in no more than the names."""
    X, y = penguins_of_islands()
    model = small(cat_features=["island", "bill"], one_hot_max_size=1, simple_ctr=["Counter", "BinarizedTargetMeanValue"])
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.json")
        model.fit(X, y).save_model(path, format="json")
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace("Counter", "FeatureFreq").replace("BinarizedTargetMeanValue", "FloatTargetMeanValue"))
        model = CatBoost().load_model(path, format="json")
    return model, X.iloc[::16]


@case(**JSON)
def json():
    X, y = cancer(frame=True)
    model = small(loss_function="Logloss", iterations=6).fit(X, y)
    return model, X.iloc[::4]


@case(since="1.0", **JSON)
def json_with_categories():
    X, y = penguins_of_islands()
    X["year"] = penguins("body_mass_g", 340)[0]["year"]
    options = dict(cat_features=["island", "bill", "year"], one_hot_max_size=3, depth=3, max_ctr_complexity=3)
    model = small(loss_function="MultiClass", **options).fit(X, (y > 4000).astype(int) + (y > 5000))
    return model, X.iloc[::16]


@case(versions=["1.2"], **NUMBERS)
def json_with_target_means():
    """CatBoost reads sums with a fraction as 0."""
    X, y = penguins_of_islands()
    kinds = ["BinarizedTargetMeanValue:TargetBorderCount=3:Prior=0.5", "Counter"]
    model = small(cat_features=["island", "bill"], one_hot_max_size=1, simple_ctr=kinds).fit(X, y)
    return model, X.iloc[::16]


@case(since="1.0", **NUMBERS)
def json_by_depth():
    X, y = linnerud()
    model = small(loss_function="MultiRMSE", grow_policy="Depthwise", depth=3).fit(X, y)
    return model, X


@case(versions=["0.26"], **NUMBERS)
def json_by_loss():
    X, y = penguins("body_mass_g")
    X = X[["bill_length_mm", "flipper_length_mm", "year"]].astype("float64")
    model = small(grow_policy="Lossguide", max_leaves=5, depth=6).fit(X, y)
    return model, X.iloc[::4]
