from category_encoders import CountEncoder
from golden import case, edge_rows, penguins

X, _ = penguins("body_mass_g", count=40)
X = X[["bill_depth_mm", "island", "sex", "year"]]
complete = X.dropna()


@case()
def counts():
    model = CountEncoder().fit(X)
    return model, edge_rows(model, X)


@case()
def shares_of_all_columns():
    model = CountEncoder(cols=["year", "sex", "island"], normalize=True).fit(X)
    return model, edge_rows(model, X)


@case()
def missing_not_seen():
    model = CountEncoder().fit(complete)
    return model, edge_rows(model, X)


@case()
def nan_for_missing():
    model = CountEncoder(handle_missing="return_nan", handle_unknown=-5).fit(X)
    return model, edge_rows(model, X)


@case()
def errors():
    model = CountEncoder(handle_missing="error", handle_unknown="error").fit(complete)
    return model, edge_rows(model, complete)


@case(refused=True)
def an_unknown_category():
    model = CountEncoder(handle_unknown="error").fit(complete)
    return model, complete.head(3).replace({"sex": {"male": "none"}})


@case()
def options_by_column():
    model = CountEncoder(handle_unknown={"sex": 7, "island": "value"}, handle_missing={"sex": "return_nan"}).fit(X)
    return model, edge_rows(model, X)


@case()
def rare_categories():
    model = CountEncoder(cols=["island", "sex"], min_group_size=18, min_group_name="rare").fit(X)
    return model, edge_rows(model, X)


@case()
def rare_categories_without_a_name():
    model = CountEncoder(cols=["island", "sex"], min_group_size=18, combine_min_nan_groups="force").fit(X)
    return model, edge_rows(model, X)
