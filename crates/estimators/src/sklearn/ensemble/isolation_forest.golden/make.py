from golden import case, edge_rows, iris
from sklearn.ensemble import IsolationForest


@case()
def all_features():
    X, _ = iris()
    model = IsolationForest(n_estimators=5, max_samples=20, random_state=0).fit(X)
    return model, edge_rows(model, X, plain=20)


@case(versions=["0.22.2.post1", "1.2.2", "1.4.2", "1.9.1"])
def some_features():
    X, _ = iris()
    model = IsolationForest(n_estimators=4, max_samples=20, max_features=2, contamination=0.1, random_state=0).fit(X)
    return model, edge_rows(model, X, plain=20)
