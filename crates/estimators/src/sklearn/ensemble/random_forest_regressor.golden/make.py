from golden import case, diabetes, edge_rows, linnerud
from sklearn.ensemble import RandomForestRegressor

THREE = ["0.22.2.post1", "1.2.2", "1.9.1"]


@case(versions=THREE)
def one_target():
    X, y = diabetes()
    model = RandomForestRegressor(n_estimators=7, max_depth=4, random_state=0).fit(X, y)
    return model, edge_rows(model, X, plain=20)


@case(methods=["predict", "apply"])
def three_targets():
    X, y = linnerud()
    model = RandomForestRegressor(n_estimators=3, max_depth=3, random_state=0).fit(X, y)
    return model, edge_rows(model, X)
