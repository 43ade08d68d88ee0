from category_encoders import OrdinalEncoder
from golden import case, edge_rows, penguins
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeRegressor

X, y = penguins("body_mass_g", count=40)
complete = X.dropna()


@case()
def texts():
    model = OrdinalEncoder().fit(X)
    return model, edge_rows(model, X)


@case()
def chosen_columns():
    model = OrdinalEncoder(cols=["year", "sex"], return_df=False).fit(X[["year", "sex", "bill_depth_mm"]])
    return model, edge_rows(model, X[["year", "sex", "bill_depth_mm"]])


@case()
def nan_for_unknown_and_missing():
    model = OrdinalEncoder(handle_unknown="return_nan", handle_missing="return_nan").fit(X)
    return model, edge_rows(model, X)


@case()
def nan_for_missing_not_seen():
    model = OrdinalEncoder(handle_missing="return_nan").fit(complete)
    return model, edge_rows(model, complete)


@case()
def missing_not_seen():
    model = OrdinalEncoder().fit(complete)
    return model, edge_rows(model, complete)


@case()
def errors():
    model = OrdinalEncoder(handle_unknown="error", handle_missing="error").fit(complete)
    return model, edge_rows(model, complete)


@case(refused=True)
def an_unknown_category():
    model = OrdinalEncoder(handle_unknown="error").fit(complete)
    return model, complete.head(3).replace({"sex": {"male": "none"}})


@case(refused=True)
def a_missing_value():
    model = OrdinalEncoder(handle_missing="error").fit(complete)
    return model, X[X.sex.isna()].head(2)


@case()
def own_mapping():
    mapping = [{"col": "sex", "mapping": {"male": 5, "female": 0}}]
    model = OrdinalEncoder(cols=["sex"], mapping=mapping).fit(X[["sex", "year"]])
    return model, edge_rows(model, X[["sex", "year"]])


@case(since="2.11")
def numbers_for_unknown_and_missing():
    model = OrdinalEncoder(handle_unknown=-7, handle_missing=99.5, index_start=3).fit(complete)
    return model, edge_rows(model, complete)


@case(since="2.11")
def rare_categories():
    model = OrdinalEncoder(cols=["island", "year"], min_group_size=15).fit(X[["island", "year"]])
    return model, edge_rows(model, X[["island", "year"]])


@case(since="2.6")
def invariant_columns():
    rows = X[["island", "sex", "year"]].assign(island="Dream")
    model = OrdinalEncoder(drop_invariant=True).fit(rows)
    return model, edge_rows(model, rows)


@case()
def two_in_a_pipeline():
    rows = X[["island", "year", "sex"]]
    steps = OrdinalEncoder(cols=["sex"]), OrdinalEncoder(cols=["island"]), DecisionTreeRegressor(max_depth=2, random_state=0)
    model = make_pipeline(*steps).fit(rows, y)
    return model, edge_rows(model, rows)


BOTH = ["transform", "inverse_transform"]


@case(methods=BOTH)
def texts_and_back():
    model = OrdinalEncoder().fit(X)
    return model, edge_rows(model, X)


@case(methods=BOTH)
def numbers_and_back():
    rows = X[["year", "bill_depth_mm", "sex"]].astype({"year": "float64"})
    model = OrdinalEncoder(cols=["year", "bill_depth_mm", "sex"], handle_unknown="return_nan", handle_missing="return_nan").fit(rows)
    return model, edge_rows(model, rows)


@case(methods=BOTH)
def categories_and_back():
    rows = X[["island", "year"]].astype({"island": "category", "year": "int64"})
    model = OrdinalEncoder(cols=["island", "year"], handle_unknown="error").fit(rows)
    return model, rows.head(8)
