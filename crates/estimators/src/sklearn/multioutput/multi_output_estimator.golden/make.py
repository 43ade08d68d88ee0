import numpy
from golden import case, edge_rows, iris, linnerud, wine
from sklearn.linear_model import Ridge
from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

FEW = ["0.20", "0.22", "0.24", "1.2", "1.9"]
SUM = "BLAS adds the products in an order and with fused steps that depend on the processor"


def declare(name, make, data, labels=lambda y: y, versions=FEW, **more):
    def fitted():
        X, y = data()
        model = make().fit(X, labels(y))
        return model, edge_rows(model, X, more.get("methods"), plain=6)

    fitted.__name__ = name
    case(versions=versions, **more)(fitted)


def tree(kind=DecisionTreeClassifier):
    return kind(max_depth=2, random_state=0)


def two_targets(y):
    return numpy.column_stack([y, numpy.arange(len(y)) % 2 + 3])


def names(y):
    return numpy.array(["a", "bb", "ccc", "dddd", "e"])[two_targets(y)]


declare("classifiers", lambda: MultiOutputClassifier(tree()), iris, two_targets, "all")
declare("classifiers_of_names", lambda: MultiOutputClassifier(GaussianNB()), wine, names)
declare("classifiers_without_probabilities", lambda: MultiOutputClassifier(SVC(gamma="scale")), iris, two_targets, versions=["0.22", "1.9"], methods=["predict"])
declare("regressors", lambda: MultiOutputRegressor(tree(DecisionTreeRegressor)), linnerud, versions="all")
declare("linear_regressors", lambda: MultiOutputRegressor(Ridge()), linnerud, versions=["0.22", "1.9"], tolerance={"predict": (1e-14, SUM)})


@case(versions=["1.3", "1.9"], methods=["predict", "predict_proba"])
def gaps():
    X, y = iris()
    X[::5, 1] = float("nan")
    return MultiOutputClassifier(tree()).fit(X, two_targets(y)), X[:8].copy()


@case(versions=["0.23"], refused=True, methods=["predict"])
def gap_until_0_23():
    from sklearn.experimental import enable_hist_gradient_boosting  # noqa: F401
    from sklearn.ensemble import HistGradientBoostingRegressor

    X, y = linnerud()
    model = MultiOutputRegressor(HistGradientBoostingRegressor(max_iter=1, min_samples_leaf=8)).fit(X, y)
    X[0, 0] = float("nan")
    return model, X[:2].copy()
