import numpy
from golden import cancer, case, edge_rows, iris
from sklearn.linear_model import RidgeClassifier, RidgeClassifierCV



@case()
def three_classes():
    X, y = iris()
    model = RidgeClassifier().fit(X, y.astype(str))
    return model, edge_rows(model, X)


@case(versions=["0.21", "1.2", "1.9"])
def two_classes():
    X, y = cancer()
    model = RidgeClassifier().fit(X, y)
    return model, edge_rows(model, X)


@case()
def cross_validated():
    X, y = iris()
    model = RidgeClassifierCV(alphas=[0.1, 1.0]).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.1", "1.9"])
def several_labels():
    X, y = iris()
    model = RidgeClassifier().fit(X, numpy.column_stack([y > 0, X[:, 0] > 5.5, X[:, 1] > 3]).astype(int))
    return model, edge_rows(model, X)


@case(versions=["1.2", "1.9"])
def several_labels_cross_validated():
    X, y = iris()
    model = RidgeClassifierCV().fit(X, numpy.column_stack([y > 0, X[:, 0] > 5.5]).astype(int))
    return model, edge_rows(model, X)


@case(versions=["1.9"], unsupported=True)
def labels_without_weights():
    X, y = iris()
    model = RidgeClassifier().fit(X, numpy.column_stack([y > 0, X[:, 0] > 5.5, X[:, 1] > 3]).astype(int))
    model.coef_ = model.coef_[:2]
    model.intercept_ = model.intercept_[:2]
    return model, None
