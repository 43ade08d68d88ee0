from golden import case, edge_rows, iris, linnerud, penguins
from sklearn.tree import DecisionTreeClassifier


@case()
def integers():
    X, y = iris()
    model = DecisionTreeClassifier(random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case()
def texts():
    X, y = penguins(target="sex")
    X = X[["bill_length_mm", "flipper_length_mm", "body_mass_g"]]
    model = DecisionTreeClassifier(max_depth=4, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(since="1.3")
def missing():
    X, y = penguins()
    X = X[["bill_length_mm", "bill_depth_mm"]].copy()
    X.iloc[::5, 0] = float("nan")
    model = DecisionTreeClassifier(max_depth=5, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(methods=["predict", "predict_proba", "apply"])
def two_outputs():
    X, y = linnerud()
    model = DecisionTreeClassifier(max_depth=3, random_state=0).fit(X, (y[:, :2] > y[:, :2].mean(axis=0)).astype(int))
    return model, edge_rows(model, X)


@case()
def weighted_classes():
    X, y = iris()
    model = DecisionTreeClassifier(class_weight={0: 0.1, 1: 3, 2: 0.7}, max_leaf_nodes=4, random_state=0).fit(X[:, :2], y)
    return model, edge_rows(model, X[:, :2])


@case(refused=True)
def too_large_for_f32():
    X, y = iris()
    rows = X[:2].copy()
    rows[0, 1] = 3.5e38
    return DecisionTreeClassifier(random_state=0).fit(X, y), rows
