from golden import case, digits, edge_rows, iris, linnerud, penguins
from sklearn.ensemble import RandomForestClassifier


@case()
def integers():
    X, y = iris()
    model = RandomForestClassifier(n_estimators=5, max_depth=4, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.22.2.post1", "1.0.2", "1.9.1"], dump="joblib", compress=3)
def texts():
    X, y = penguins(target="sex")
    X = X[["bill_length_mm", "flipper_length_mm", "body_mass_g"]].fillna(0)
    model = RandomForestClassifier(n_estimators=3, max_depth=3, class_weight="balanced", random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.0.2", "1.3.2", "1.5.2"], methods=["predict", "predict_proba", "predict_log_proba", "apply"])
def two_outputs():
    X, y = linnerud()
    model = RandomForestClassifier(n_estimators=3, max_depth=2, random_state=0).fit(X, (y[:, :2] > y[:, :2].mean(axis=0)) * 1)
    return model, edge_rows(model, X)


@case(versions=["0.24.2", "1.3.2", "1.7.2"])
def ten_classes():
    X, y = digits()
    model = RandomForestClassifier(n_estimators=4, max_depth=3, random_state=0).fit(X[:, ::4], y)
    return model, edge_rows(model, X[:, ::4], plain=20)


@case(versions=["1.4.2", "1.8", "1.9.1"])
def missing():
    X, y = penguins()
    X = X[["bill_length_mm", "bill_depth_mm"]].copy()
    X.iloc[::5, 0] = float("nan")
    model = RandomForestClassifier(n_estimators=4, max_depth=3, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.3.2"], refused=True)
def missing_refused_before_1_4():
    X, y = iris()
    rows = X[:2].copy()
    rows[0, 0] = float("nan")
    return RandomForestClassifier(n_estimators=2, max_depth=2, random_state=0).fit(X, y), rows
