import joblib
from golden import case, diabetes, edge_rows, linnerud
from sklearn.ensemble import BaggingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeRegressor

joblib.parallel_backend("threading", n_jobs=1)

FEW = ["0.20", "0.22", "0.24", "1.2", "1.9"]
SUM = {"predict": (1e-14, "BLAS adds the products in an order and with fused steps that depend on the processor")}


@case()
def trees():
    X, y = diabetes()
    model = BaggingRegressor(DecisionTreeRegressor(max_depth=3), n_estimators=4, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def columns_drawn_twice():
    X, y = diabetes(frame=True)
    model = BaggingRegressor(
        DecisionTreeRegressor(max_depth=3), n_estimators=5, max_features=3, bootstrap_features=True, random_state=1
    ).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.22", "1.2", "1.9"])
def three_targets():
    X, y = linnerud()
    model = BaggingRegressor(DecisionTreeRegressor(max_depth=2), n_estimators=3, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.22", "1.2", "1.9"])
def three_jobs():
    X, y = diabetes()
    model = BaggingRegressor(DecisionTreeRegressor(max_depth=2), n_estimators=8, n_jobs=3, random_state=0).fit(X, y)
    return model, X[::3]


@case(versions=FEW, tolerance=SUM)
def linear():
    X, y = diabetes()
    model = BaggingRegressor(LinearRegression(), n_estimators=3, max_features=4, random_state=0).fit(X, y)
    return model, edge_rows(model, X)
