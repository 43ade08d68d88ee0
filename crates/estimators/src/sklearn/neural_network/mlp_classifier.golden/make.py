import numpy
from golden import case, cancer, edge_rows, iris, penguins
from sklearn.neural_network import MLPClassifier

SUM = "a BLAS's order of additions; tanh and exp differ by an ulp between numpy and libm"
CLOSE = {"predict_proba": (1e-13, SUM), "predict_log_proba": (1e-13, SUM)}
FEW = ["0.22", "0.24", "1.2", "1.9"]


def scaled(load):
    X, y = load()
    return (X - X.mean(axis=0)) / X.std(axis=0), y


@case(tolerance=CLOSE)
def relu():
    X, y = scaled(iris)
    return MLPClassifier((7, 4), random_state=0, max_iter=60).fit(X, y), X[::3]


@case(versions=FEW, tolerance=CLOSE)
def tanh_two_texts():
    X, y = scaled(cancer)
    y = numpy.array(["benign", "malignant"])[y]
    return MLPClassifier((5,), activation="tanh", random_state=0, max_iter=60).fit(X, y), X[::3]


@case(versions=FEW, tolerance=CLOSE)
def logistic_several_labels():
    X, y = scaled(iris)
    Y = numpy.column_stack([y == 0, y > 0, y == 2]).astype(int)
    model = MLPClassifier((6,), activation="logistic", solver="lbfgs", random_state=0, max_iter=40)
    return model.fit(X, Y), X[::3]


@case(versions=["0.22", "1.9"], tolerance=CLOSE)
def identity_partial_fit():
    X, y = scaled(iris)
    model = MLPClassifier((3,), activation="identity", solver="sgd", random_state=0)
    for _ in range(5):
        model.partial_fit(X, y, classes=[0, 1, 2])
    return model, X[:8]


@case(versions=["1.9"], tolerance={"predict_proba": (1e-12, SUM), "predict_log_proba": (1e-12, SUM)})
def edges():
    X, y = iris()
    model = MLPClassifier((7,), random_state=0, max_iter=100).fit(X, y)
    rows = edge_rows(model, X)
    return model, rows[numpy.abs(rows).max(axis=1) < 1e20]


@case(refused=True, versions=["1.9"])
def missing():
    X, y = iris()
    rows = X[:3].copy()
    rows[1, 2] = float("nan")
    return MLPClassifier((3,), random_state=0, max_iter=5).fit(X, y), rows
