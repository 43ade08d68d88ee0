from golden import at_least, cancer, case, digits, edge_rows, iris, penguins

if at_least("0.21") and not at_least("1.0"):
    from sklearn.experimental import enable_hist_gradient_boosting  # noqa: F401
if at_least("0.21"):
    from sklearn.ensemble import HistGradientBoostingClassifier


@case(since="0.21")
def two_classes():
    X, y = cancer()
    model = HistGradientBoostingClassifier(max_iter=4, min_samples_leaf=5, random_state=0).fit(X, y)
    return model, edge_rows(model, X, plain=20)


@case(since="0.21")
def three_classes():
    X, y = iris()
    model = HistGradientBoostingClassifier(max_iter=2, min_samples_leaf=5, random_state=0).fit(X, y)
    return model, edge_rows(model, X, plain=20)


@case(versions=["0.22.2.post1", "1.2.2", "1.7.2"])
def ten_classes():
    X, y = digits()
    model = HistGradientBoostingClassifier(max_iter=1, max_depth=2, min_samples_leaf=5, random_state=0).fit(X[:, ::4], y)
    return model, edge_rows(model, X[:, ::4], plain=20)


@case(versions=["0.24.2", "1.0.2", "1.3.2"])
def category_numbers():
    X, y = penguins(target="sex")
    X = X[["bill_length_mm", "year", "body_mass_g"]].copy()
    X["year"] = X["year"] - 2007.0
    model = HistGradientBoostingClassifier(max_iter=3, min_samples_leaf=5, categorical_features=[1], random_state=0).fit(X, y)
    return model, X[:20]


@case(since="1.4")
def categories_of_text():
    X, y = penguins()
    X = X[["bill_length_mm", "island", "year"]].copy()
    model = HistGradientBoostingClassifier(
        max_iter=2, min_samples_leaf=5, categorical_features=["island"], random_state=0
    ).fit(X, y)
    rows = X[:12].copy()
    rows.loc[3, "island"] = "elsewhere"
    rows.loc[4, "island"] = float("nan")
    return model, rows
