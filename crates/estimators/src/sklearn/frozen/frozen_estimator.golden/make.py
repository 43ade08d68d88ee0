from golden import at_least, case, diabetes, edge_rows, iris, penguins

if at_least("1.6"):
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.frozen import FrozenEstimator
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler
    from sklearn.tree import DecisionTreeRegressor


@case(since="1.6")
def forest():
    X, y = iris()
    model = FrozenEstimator(RandomForestClassifier(n_estimators=3, max_depth=2, random_state=0).fit(X, y))
    return model, edge_rows(model, X)


@case(versions=["1.6", "1.9"], methods=["transform", "inverse_transform"])
def scaler():
    X, _ = penguins()
    X = X[["bill_length_mm", "body_mass_g"]]
    model = FrozenEstimator(MinMaxScaler().fit(X))
    return model, edge_rows(model, X)


@case(versions=["1.6", "1.9"])
def in_a_pipeline():
    X, y = diabetes()
    frozen = FrozenEstimator(MinMaxScaler().fit(X))
    model = make_pipeline(frozen, FrozenEstimator(DecisionTreeRegressor(max_depth=3, random_state=0).fit(frozen.transform(X), y)))
    return model.fit(X, y), edge_rows(model, X)
