from golden import case, diabetes, edge_rows
from sklearn.ensemble import AdaBoostRegressor
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeRegressor

FEW = ["0.20", "0.22", "1.2", "1.9"]


@case()
def trees():
    X, y = diabetes()
    model = AdaBoostRegressor(DecisionTreeRegressor(max_depth=2), n_estimators=5, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def many_small_trees():
    X, y = diabetes(frame=True)
    stump = DecisionTreeRegressor(max_depth=1)
    model = AdaBoostRegressor(stump, n_estimators=16, loss="square", learning_rate=0.3, random_state=0).fit(X, y)
    return model, X[::3]


@case(versions=FEW)
def trees_by_default():
    X, y = diabetes()
    return AdaBoostRegressor(n_estimators=4, loss="exponential", random_state=0).fit(X, y), X[::4]


@case(versions=FEW)
def linear():
    X, y = diabetes()
    model = AdaBoostRegressor(LinearRegression(), n_estimators=4, random_state=0).fit(X, y)
    return model, edge_rows(model, X)
