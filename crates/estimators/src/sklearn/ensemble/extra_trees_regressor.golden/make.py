from golden import case, diabetes, edge_rows
from sklearn.ensemble import ExtraTreesRegressor


@case()
def one_target():
    X, y = diabetes()
    model = ExtraTreesRegressor(n_estimators=4, max_depth=3, random_state=0).fit(X, y)
    return model, edge_rows(model, X)
