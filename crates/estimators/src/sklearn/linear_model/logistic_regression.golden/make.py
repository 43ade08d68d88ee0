from golden import cancer, case, digits, edge_rows, iris
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV



def declare(name, make, data=iris, labels=lambda y: y, **where):
    def fitted():
        X, y = data()
        model = make().fit(X, labels(y))
        return model, edge_rows(model, X)

    fitted.__name__ = name
    case(**where)(fitted)


def logistic(**parameters):
    return lambda: LogisticRegression(max_iter=500, **parameters)


def names(y):
    return y.astype(str)


FEW = {"versions": ["0.20", "0.22", "1.2", "1.6", "1.9"]}

declare("two_classes", logistic(), cancer)
declare("three_classes", logistic(), iris, names)
declare("one_versus_rest", logistic(multi_class="ovr"), until="1.7", versions=["0.20", "0.22", "1.3", "1.7"])
declare("multinomial", logistic(multi_class="multinomial", solver="lbfgs"), until="1.7", **FEW)
declare("multinomial_of_two", logistic(multi_class="multinomial", solver="lbfgs"), cancer, until="1.7", **FEW)
declare("automatic", logistic(multi_class="auto", solver="lbfgs"), until="1.7", **FEW)
declare("liblinear", logistic(solver="liblinear"), until="1.7", **FEW)
declare("liblinear_of_two", logistic(solver="liblinear"), cancer, lambda y: y > 0, **FEW)
declare("liblinear_automatic", logistic(solver="liblinear", multi_class="auto"), until="1.7", versions=["0.20", "0.22", "1.2"])
declare("newton_cholesky", logistic(solver="newton-cholesky"), since="1.2", versions=["1.2", "1.4", "1.5", "1.6", "1.9"])
declare("cross_validated", lambda: LogisticRegressionCV(cv=3, Cs=3, max_iter=500))
declare("cross_validated_of_two", lambda: LogisticRegressionCV(cv=3, Cs=3, max_iter=500), cancer, versions=["0.22", "1.9"])


@case(versions=["0.22", "1.9"])
def eight_and_more_classes():
    X, y = digits()
    X = X[:, 18:24].copy()
    model = LogisticRegression(max_iter=500, C=0.01).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.22", "1.2", "1.9"])
def sparse_weights():
    X, y = iris()
    model = LogisticRegression(penalty="l1", C=0.1, solver="saga", max_iter=500, random_state=0).fit(X, y).sparsify()
    return model, edge_rows(model, X)


@case(versions=["0.22", "1.9"])
def no_intercept_and_names():
    X, y = iris(frame=True)
    model = LogisticRegression(max_iter=500, fit_intercept=False).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.6"], unsupported=True)
def unknown_way_to_probabilities():
    X, y = iris()
    model = LogisticRegression(max_iter=500).fit(X, y)
    model.multi_class = "crammer_singer"
    return model, None


@case(versions=["1.9"], unsupported=True)
def features_that_contradict():
    X, y = iris()
    model = LogisticRegression(max_iter=500).fit(X, y)
    model.n_features_in_ = 5
    return model, None
