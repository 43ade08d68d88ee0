from golden import case, diabetes, edge_rows
from sklearn.tree import ExtraTreeRegressor


@case()
def one_target():
    X, y = diabetes()
    model = ExtraTreeRegressor(max_depth=3, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.9.1"], refused=True)
def missing_refused_for_the_splitter():
    X, y = diabetes()
    rows = X[:2].copy()
    rows[1, 2] = float("nan")
    return ExtraTreeRegressor(splitter="best", max_depth=2, random_state=0).fit(X, y), rows


@case(versions=["1.6.1"])
def missing_taken_with_the_best_splitter():
    X, y = diabetes()
    rows = X[:2].copy()
    rows[1, 2] = float("nan")
    return ExtraTreeRegressor(splitter="best", max_depth=2, random_state=0).fit(X, y), rows
