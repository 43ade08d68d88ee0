from golden import case, edge_rows, iris
from sklearn.tree import ExtraTreeClassifier


@case()
def integers():
    X, y = iris()
    model = ExtraTreeClassifier(max_depth=4, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.6.1"], refused=True)
def missing_refused_for_the_splitter():
    X, y = iris()
    rows = X[:2].copy()
    rows[0, 0] = float("nan")
    return ExtraTreeClassifier(splitter="best", max_depth=2, random_state=0).fit(X, y), rows
