from golden import case, iris, penguins
from sklearn.dummy import DummyClassifier

THREE = ["0.22.2.post1", "1.2.2", "1.9.1"]


@case()
def prior():
    X, y = iris()
    return DummyClassifier(strategy="prior").fit(X[:40], y[:40]), X[:2]


@case(versions=THREE)
def most_frequent():
    X, y = penguins(target="sex")
    X = X[["bill_length_mm"]]
    return DummyClassifier(strategy="most_frequent").fit(X[:40], y[:40]), X[:2]


@case(versions=THREE)
def constant():
    X, y = penguins(target="sex")
    X = X[["bill_length_mm"]]
    return DummyClassifier(strategy="constant", constant="male").fit(X[:40], y[:40]), X[:2]


@case(versions=["1.2.2"])
def constant_integers():
    X, y = iris()
    return DummyClassifier(strategy="constant", constant=[2, 1]).fit(X, [[it, it % 2] for it in y]), X[:2]


@case(versions=["1.2.2"], methods=["predict_proba", "predict_log_proba"])
def uniform():
    X, y = iris()
    return DummyClassifier(strategy="uniform").fit(X, y), X[:2]


@case(versions=["0.22.2.post1", "1.9.1"], unsupported=True)
def stratified():
    X, y = iris()
    return DummyClassifier(strategy="stratified", random_state=0).fit(X, y), None
