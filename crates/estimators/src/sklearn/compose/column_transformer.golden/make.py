import numpy
from golden import at_least, case, edge_rows, iris, penguins
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier

DENSE = {"sparse_output": False} if at_least("1.2") else {"sparse": False}
NUMBERS = ["bill_length_mm", "flipper_length_mm"]


def birds():
    X, _ = penguins(count=60)
    X.iloc[::9, list(X.columns).index("sex")] = numpy.nan
    X.iloc[1::9, list(X.columns).index("bill_length_mm")] = numpy.nan
    return X


def islands(X):
    return ["island"]


def texts():
    return make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore", categories="auto"))


@case()
def by_name():
    X = birds()
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    model = ColumnTransformer([("numbers", numbers, NUMBERS), ("texts", texts(), ["sex", "island"])]).fit(X)
    return model, edge_rows(model, X)


@case()
def sparse_with_a_remainder():
    X = birds()
    model = ColumnTransformer(
        [("texts", texts(), ["island", "sex"]), ("none", StandardScaler(), []), ("out", "drop", ["year"])],
        remainder="passthrough",
        sparse_threshold=1,
    ).fit(X)
    return model, edge_rows(model, X, plain=8)


@case(since="0.22")
def remainder_is_scaled():
    X = birds().drop(columns="sex")
    model = ColumnTransformer([("texts", OneHotEncoder(**DENSE), ["island"])], remainder=MinMaxScaler()).fit(X)
    return model, edge_rows(model, X, plain=8)


@case(versions=["0.20", "0.22", "0.24", "1.2", "1.5", "1.9"])
def by_position_slice_and_mask():
    X, _ = iris()
    X = numpy.hstack([X, numpy.round(X[:, :2])])
    model = ColumnTransformer(
        [
            ("slice", StandardScaler(), slice(1, 3)),
            ("mask", MinMaxScaler(), numpy.array([True, False, False, False, False, False])),
            ("end", OneHotEncoder(handle_unknown="ignore", categories="auto"), [-1]),
            ("weighted", "passthrough", [4, 0]),
        ],
        transformer_weights={"slice": 0.1, "end": 3, "weighted": 1.7},
        remainder="drop",
    ).fit(X)
    return model, edge_rows(model, X, plain=6)


@case(since="0.22", versions=["0.22", "1.2", "1.9"])
def by_name_slice_callable_and_index():
    X = birds()
    model = ColumnTransformer(
        [
            ("slice", SimpleImputer(), slice("bill_length_mm", "flipper_length_mm")),
            ("called", texts(), islands),
            ("index", SimpleImputer(strategy="median"), X.columns[[4, 6]]),
        ]
    ).fit(X)
    model.transformers = []
    return model, edge_rows(model, X, plain=6)


@case(versions=["1.2", "1.9"])
def text_stays_text():
    X = birds().drop(columns="sex").dropna()
    model = ColumnTransformer([("numbers", StandardScaler(), NUMBERS), ("text", SimpleImputer(strategy="most_frequent"), ["island"])])
    return model.fit(X), X.head(6)


@case(versions=["1.3", "1.6", "1.9"])
def pandas_output():
    X = birds()
    model = ColumnTransformer(
        [("codes", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), ["island"])],
        remainder="passthrough",
        verbose_feature_names_out=False,
    ).set_output(transform="pandas")
    X = X.drop(columns="sex")
    return model.fit(X), edge_rows(model, X, plain=6)


def integers(dtype, texts_as):
    """Integer codes and marks beside what `texts_as` makes of the islands."""
    X = birds()[["island", "sex", "body_mass_g"]].dropna()
    parts = [
        ("marks", OneHotEncoder(dtype=dtype, **DENSE), ["island"]),
        ("codes", OrdinalEncoder(dtype="int32"), ["sex"]),
        ("others", texts_as, ["island"]),
    ]
    return ColumnTransformer(parts, transformer_weights={"codes": 3}).fit(X), X.head(8)


@case(versions=["0.22", "1.2", "1.9"])
def integers_stay_integers():
    return integers(numpy.uint8, OneHotEncoder(dtype=bool, **DENSE))


@case(versions=["0.22", "1.2", "1.9"])
def integers_beside_floats():
    return integers(int, OneHotEncoder(**DENSE))


@case(versions=["0.22", "1.2", "1.9"])
def integers_beside_texts():
    return integers(bool, SimpleImputer(strategy="most_frequent"))


@case(versions=["0.22", "1.2", "1.9"])
def short_integers_beside_float32():
    X = birds()[["island", "sex"]].dropna()
    parts = [("marks", OneHotEncoder(dtype=numpy.int8), ["island"]), ("codes", OrdinalEncoder(dtype=numpy.float32), ["sex"])]
    return ColumnTransformer(parts, sparse_threshold=1).fit(X), X.head(8)


@case(versions=["0.22", "1.9"], refused=True)
def unknown_category():
    X = birds().drop(columns="sex")
    rows = X.head(3).copy()
    rows.loc[1, "island"] = "Atlantis"
    return ColumnTransformer([("texts", OneHotEncoder(), ["island"])]).fit(X), rows


@case(versions=["0.22", "1.9"], refused=True)
def unknown_category_behind_an_imputer():
    X = birds()
    rows = X.head(4).copy()
    rows.loc[2, "sex"] = "unheard"
    fill = SimpleImputer(strategy="most_frequent")
    numbers = SimpleImputer(add_indicator=True)
    parts = [("numbers", numbers, NUMBERS), ("texts", make_pipeline(fill, OneHotEncoder()), ["island", "sex"])]
    return ColumnTransformer(parts).fit(X), rows
