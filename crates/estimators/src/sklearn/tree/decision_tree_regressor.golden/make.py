from golden import case, diabetes, edge_rows, linnerud, penguins
from sklearn.tree import DecisionTreeRegressor

THREE = ["0.22.2.post1", "1.2.2", "1.9.1"]


@case()
def one_target():
    X, y = diabetes()
    model = DecisionTreeRegressor(max_depth=4, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.24.2", "1.4.2"], methods=["predict", "apply"])
def two_targets():
    X, y = linnerud()
    model = DecisionTreeRegressor(max_depth=3, random_state=0).fit(X, y[:, :2])
    return model, edge_rows(model, X)


@case(versions=["1.3.2", "1.6.1", "1.9.1"])
def missing():
    X, y = penguins(target="body_mass_g")
    X = X[["bill_length_mm", "bill_depth_mm"]].copy()
    X.iloc[::5, 0] = float("nan")
    model = DecisionTreeRegressor(max_depth=4, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.3.2", "1.7.2"], refused=True)
def missing_refused_for_the_criterion():
    X, y = diabetes()
    rows = X[:2].copy()
    rows[1, 2] = float("nan")
    return DecisionTreeRegressor(criterion="absolute_error", max_depth=2, random_state=0).fit(X, y), rows


@case(versions=["1.2.2"], refused=True)
def missing_refused_before_1_3():
    X, y = diabetes()
    rows = X[:2].copy()
    rows[1, 2] = float("nan")
    return DecisionTreeRegressor(max_depth=2, random_state=0).fit(X, y), rows


@case(versions=["1.7.2"])
def a_leaf_alone():
    X, y = diabetes()
    model = DecisionTreeRegressor(min_samples_leaf=50).fit(X, y)
    return model, X[:3]
