import numpy
from golden import case, edge_rows, iris
from sklearn.tree import DecisionTreeClassifier
from sklearn.neighbors import KNeighborsClassifier

BOTH = ["transform", "inverse_transform"]


def finite(rows):
    """inverse_transform takes no others, so that transform alone must."""
    return rows[numpy.isfinite(rows).all(axis=1)]


@case(since="0.24", methods=BOTH)
def forward():
    from sklearn.feature_selection import SequentialFeatureSelector

    X, y = iris()
    model = SequentialFeatureSelector(KNeighborsClassifier(3), n_features_to_select=2, cv=3).fit(X, y)
    return model, finite(edge_rows(model, X, ["transform"], plain=3))


@case(versions=["1.2", "1.9"], methods=["transform"])
def backward_gaps():
    from sklearn.feature_selection import SequentialFeatureSelector

    X, y = iris()
    tree = DecisionTreeClassifier(max_depth=2, random_state=0)
    model = SequentialFeatureSelector(tree, n_features_to_select=3, direction="backward", cv=3).fit(X, y)
    return model, edge_rows(model, X, ["transform"], plain=3)
