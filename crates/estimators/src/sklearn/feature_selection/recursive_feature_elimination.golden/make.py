import numpy
from golden import cancer, case, edge_rows, iris, wine
from sklearn.feature_selection import RFE, RFECV
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

BOTH = ["transform", "inverse_transform"]
SUM = "BLAS adds the products in an order and with fused steps that depend on the processor"
SUMS = {name: (1e-14, SUM) for name in ["predict_proba", "predict_log_proba", "decision_function"]}


def finite(rows):
    """inverse_transform takes no others, so that transform alone must."""
    return rows[numpy.isfinite(rows).all(axis=1)]


def tree():
    return DecisionTreeClassifier(max_depth=2, random_state=0)


@case(methods=["predict", "predict_proba"] + BOTH)
def of_tree():
    X, y = wine()
    model = RFE(tree(), n_features_to_select=3).fit(X, y)
    return model, finite(edge_rows(model, X, plain=3))


@case(methods=["predict", "predict_proba"] + BOTH)
def cross_validated():
    X, y = iris()
    model = RFECV(tree(), cv=3).fit(X, y)
    return model, finite(edge_rows(model, X, plain=3))


@case(versions=["0.22", "1.2", "1.9"], methods=["predict", "predict_proba", "predict_log_proba", "decision_function"], tolerance=SUMS)
def of_logistic_regression():
    X, y = cancer()
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    model = RFE(LogisticRegression(solver="lbfgs"), n_features_to_select=2).fit(X, y)
    return model, edge_rows(model, X, plain=6)
