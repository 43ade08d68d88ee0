import numpy
from golden import case, edge_rows, iris, linnerud, wine
from sklearn.linear_model import Ridge
from sklearn.multioutput import ClassifierChain, RegressorChain
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

FEW = ["0.20", "0.22", "1.2", "1.4", "1.5", "1.9"]
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


def labels(y):
    return numpy.column_stack([y == 0, y == 2, numpy.arange(len(y)) % 2 == 0]).astype(int)


def several_classes(y):
    return numpy.column_stack([y, numpy.arange(len(y)) % 3])


declare("classifiers", lambda: ClassifierChain(tree()), iris, labels, "all")
declare("classifiers_in_order", lambda: ClassifierChain(GaussianNB(), order=[2, 0, 1]), wine, labels)
declare("classifiers_in_random_order", lambda: ClassifierChain(tree(), order="random", random_state=3, cv=2), iris, labels)
declare("classifiers_of_decisions", lambda: ClassifierChain(SVC(gamma="scale")), iris, labels, methods=["predict", "decision_function"])
declare("classifiers_of_several_classes", lambda: ClassifierChain(tree()), iris, several_classes, ["0.22", "1.4", "1.9"], methods=["predict"])
declare("regressors", lambda: RegressorChain(tree(DecisionTreeRegressor), order=[1, 0, 2]), linnerud, versions="all")
declare("linear_regressors", lambda: RegressorChain(Ridge()), linnerud, versions=["0.22", "1.9"], tolerance={"predict": (1e-13, SUM)})
for method, member in [("predict_proba", GaussianNB()), ("predict_log_proba", GaussianNB()), ("decision_function", SVC())]:
    declare(
        "hands_on_" + method,
        lambda of=member, by=method: ClassifierChain(of, chain_method=by),
        iris,
        labels,
        ["1.5", "1.9"],
        methods=["predict", method if method == "decision_function" else "predict_proba"],
    )


@case(versions=["0.22", "1.9"], methods=["predict", "predict_proba"])
def sparse_rows():
    X, y = iris()
    model = make_pipeline(OneHotEncoder(handle_unknown="ignore"), ClassifierChain(tree())).fit(numpy.round(X), labels(y))
    return model, numpy.round(X[::8])


@case(versions=["1.9"], refused=True, methods=["predict"])
def gap():
    X, y = iris()
    model = ClassifierChain(tree()).fit(X, labels(y))
    X[0, 0] = float("nan")
    return model, X[:2].copy()


@case(versions=["1.9"], unsupported=True)
def order_that_repeats():
    X, y = iris()
    model = ClassifierChain(tree()).fit(X, labels(y))
    model.order_ = [0, 0, 1]
    return model, None
