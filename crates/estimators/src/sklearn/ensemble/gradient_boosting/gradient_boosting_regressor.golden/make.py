from golden import at_least, case, diabetes, edge_rows
from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import LinearRegression

THREE = ["0.22.2.post1", "1.2.2", "1.9.1"]
SQUARED = "squared_error" if at_least("1.0") else "ls"
ABSOLUTE = "absolute_error" if at_least("1.0") else "lad"


@case()
def squared_error():
    X, y = diabetes()
    model = GradientBoostingRegressor(loss=SQUARED, n_estimators=6, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=THREE)
def absolute_error():
    X, y = diabetes()
    model = GradientBoostingRegressor(loss=ABSOLUTE, n_estimators=4, max_depth=2, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=THREE)
def huber():
    X, y = diabetes()
    model = GradientBoostingRegressor(loss="huber", n_estimators=4, learning_rate=0.3, max_depth=2, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=THREE)
def quantile():
    X, y = diabetes()
    model = GradientBoostingRegressor(loss="quantile", alpha=0.8, n_estimators=4, max_depth=2, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.22.2.post1", "1.9.1"])
def from_zero():
    X, y = diabetes()
    model = GradientBoostingRegressor(init="zero", n_estimators=3, max_depth=2, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.2.2", "1.9.1"])
def from_a_forest():
    X, y = diabetes()
    init = RandomForestRegressor(n_estimators=2, max_depth=2, random_state=0)
    model = GradientBoostingRegressor(init=init, n_estimators=3, max_depth=2, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.2.2"], refused=True)
def missing():
    X, y = diabetes()
    rows = X[:2].copy()
    rows[1, 0] = float("nan")
    return GradientBoostingRegressor(n_estimators=1, max_depth=1).fit(X, y), rows
