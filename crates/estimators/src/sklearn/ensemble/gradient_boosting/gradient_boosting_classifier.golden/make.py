from golden import cancer, case, digits, edge_rows, iris, penguins
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier

SIX = ["0.22.2.post1", "1.0.2", "1.3.2", "1.4.2", "1.7.2", "1.9.1"]


@case()
def two_classes():
    X, y = cancer()
    model = GradientBoostingClassifier(n_estimators=6, random_state=0).fit(X, y)
    return model, edge_rows(model, X, plain=20)


@case()
def three_classes():
    X, y = iris()
    model = GradientBoostingClassifier(n_estimators=3, max_depth=2, random_state=0).fit(X, y)
    return model, edge_rows(model, X, plain=20)


@case(versions=["1.2.2", "1.5.2"])
def ten_classes():
    X, y = digits()
    model = GradientBoostingClassifier(n_estimators=2, max_depth=2, random_state=0).fit(X[:, ::4], y)
    return model, edge_rows(model, X[:, ::4], plain=20)


@case(versions=SIX)
def exponential():
    X, y = penguins(target="sex")
    X = X[["bill_length_mm", "body_mass_g"]].fillna(0)
    model = GradientBoostingClassifier(loss="exponential", n_estimators=4, max_depth=2, random_state=0).fit(X, y)
    return model, edge_rows(model, X, plain=20)


@case(versions=SIX)
def from_a_forest():
    X, y = cancer()
    init = RandomForestClassifier(n_estimators=3, max_depth=2, random_state=0)
    model = GradientBoostingClassifier(init=init, n_estimators=3, max_depth=2, random_state=0).fit(X, y)
    return model, edge_rows(model, X, plain=20)


@case(versions=SIX)
def three_classes_from_a_forest():
    X, y = iris()
    init = RandomForestClassifier(n_estimators=3, max_depth=2, random_state=0)
    model = GradientBoostingClassifier(init=init, n_estimators=3, max_depth=2, random_state=0).fit(X, y)
    return model, edge_rows(model, X, plain=20)


@case(versions=["1.2.2", "1.9.1"])
def from_zero():
    X, y = cancer()
    model = GradientBoostingClassifier(init="zero", n_estimators=2, max_depth=1, random_state=0).fit(X, y)
    return model, edge_rows(model, X)
