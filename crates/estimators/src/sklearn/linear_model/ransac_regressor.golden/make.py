from golden import case, diabetes, edge_rows
from sklearn.linear_model import RANSACRegressor, Ridge



@case()
def plain():
    X, y = diabetes()
    model = RANSACRegressor(random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.24", "1.9"])
def two_targets_of_ridge():
    X, y = diabetes()
    model = RANSACRegressor(Ridge(), min_samples=20, random_state=0).fit(X, [[a, -a] for a in y])
    return model, edge_rows(model, X)


@case(versions=["1.9"], unsupported=True)
def regressor_that_is_none():
    X, y = diabetes()
    model = RANSACRegressor(random_state=0).fit(X, y)
    model.estimator_ = model
    return model, None
