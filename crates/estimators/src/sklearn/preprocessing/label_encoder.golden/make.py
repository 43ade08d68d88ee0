import numpy
from golden import case, iris, penguins
from sklearn.preprocessing import LabelEncoder

BOTH = ["transform", "inverse_transform"]
FEW = ["0.20", "0.22", "1.2", "1.9"]


@case(methods=BOTH)
def texts():
    _, y = penguins()
    return LabelEncoder().fit(y), y[::9]


@case(methods=BOTH, versions=FEW)
def integers():
    _, y = iris()
    return LabelEncoder().fit(y * 10 - 5), (y * 10 - 5)[::7]


@case(methods=BOTH, versions=["0.22", "1.9"])
def floats():
    X, _ = iris()
    return LabelEncoder().fit(X[:, 0]), X[::7, 0]


@case(methods=BOTH, versions=["0.22", "1.9"])
def booleans():
    _, y = iris()
    return LabelEncoder().fit(y == 1), (y == 1)[::7]


@case(methods=["transform"], refused=True, versions=["0.22", "1.9"])
def unknown_label():
    _, y = penguins()
    return LabelEncoder().fit(y), numpy.array(["Adelie", "Emperor"], dtype=object)
