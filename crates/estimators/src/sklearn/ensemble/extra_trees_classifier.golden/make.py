from golden import case, edge_rows, iris
from sklearn.ensemble import ExtraTreesClassifier


@case()
def integers():
    X, y = iris()
    model = ExtraTreesClassifier(n_estimators=4, max_depth=3, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.4.2"], refused=True)
def missing_refused_before_1_6():
    X, y = iris()
    rows = X[:2].copy()
    rows[0, 0] = float("nan")
    return ExtraTreesClassifier(n_estimators=2, max_depth=2, random_state=0).fit(X, y), rows
