from golden import at_least, case, diabetes, edge_rows, penguins

if at_least("0.21") and not at_least("1.0"):
    from sklearn.experimental import enable_hist_gradient_boosting  # noqa: F401
if at_least("0.21"):
    from sklearn.ensemble import HistGradientBoostingRegressor

SQUARED = "squared_error" if at_least("1.0") else "least_squares"
ABSOLUTE = "absolute_error" if at_least("1.0") else "least_absolute_deviation"


@case(since="0.21")
def squared_error():
    X, y = diabetes()
    model = HistGradientBoostingRegressor(loss=SQUARED, max_iter=4, min_samples_leaf=5, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.22.2.post1", "1.2.2", "1.9.1"])
def missing():
    X, y = penguins(target="body_mass_g")
    X = X[["bill_length_mm", "bill_depth_mm"]].copy()
    X.iloc[::5, 0] = float("nan")
    model = HistGradientBoostingRegressor(max_iter=3, min_samples_leaf=5, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.22.2.post1", "1.2.2", "1.9.1"])
def absolute_error():
    X, y = diabetes()
    model = HistGradientBoostingRegressor(loss=ABSOLUTE, max_iter=3, max_depth=2, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.24.2", "1.2.2", "1.9.1"])
def poisson():
    X, y = diabetes()
    model = HistGradientBoostingRegressor(loss="poisson", max_iter=3, min_samples_leaf=5, random_state=0).fit(X, y)
    return model, edge_rows(model, X, plain=20)


@case(versions=["1.3.2", "1.9.1"])
def gamma():
    X, y = diabetes()
    model = HistGradientBoostingRegressor(loss="gamma", max_iter=3, min_samples_leaf=5, random_state=0).fit(X, y)
    return model, edge_rows(model, X, plain=20)


@case(versions=["1.1.3", "1.9.1"])
def quantile():
    X, y = diabetes()
    model = HistGradientBoostingRegressor(loss="quantile", quantile=0.7, max_iter=3, max_depth=2, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


def with_categories():
    """Years as categories 0, 1, 2 in the second column, some of them missing; the rows try odd categories."""
    X, y = penguins(target="body_mass_g")
    X = X[["bill_length_mm", "year", "flipper_length_mm"]].to_numpy(dtype=float)
    X[:, 1] = (X[:, 1] - 2007) * 3
    X[::9, 1] = float("nan")
    return X, y


ODD = [-1.0, -0.5, 0.5, 1.9, 4.0, 256.0, 257.5, 259.0, 2.0**31, 2.0**32 + 3, 1e300, -255.0, -253.0, -250.0, float("nan")]


@case(since="0.24", until="1.3")
def category_numbers():
    X, y = with_categories()
    model = HistGradientBoostingRegressor(max_iter=3, min_samples_leaf=5, categorical_features=[1], random_state=0).fit(X, y)
    rows = X[: len(ODD) + 3].copy()
    rows[: len(ODD), 1] = ODD
    return model, rows


@case(since="1.4")
def encoded_numbers():
    X, y = with_categories()
    model = HistGradientBoostingRegressor(max_iter=3, min_samples_leaf=5, categorical_features=[1], random_state=0).fit(X, y)
    rows = X[: len(ODD) + 3].copy()
    rows[: len(ODD), 1] = ODD
    return model, rows


@case(since="1.4")
def categories_from_dtype():
    X, y = penguins(target="body_mass_g")
    X = X[["bill_length_mm", "island", "flipper_length_mm", "sex"]].copy()
    X["island"] = X["island"].astype("category")
    X["sex"] = X["sex"].astype("category")
    model = HistGradientBoostingRegressor(
        max_iter=3, min_samples_leaf=5, categorical_features="from_dtype", random_state=0
    ).fit(X, y)
    return model, X[:20]
