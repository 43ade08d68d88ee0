import numpy
from golden import case, iris, penguins
from sklearn.preprocessing import LabelBinarizer

BOTH = ["transform", "inverse_transform"]
FEW = ["0.20", "0.22", "1.2", "1.9"]


@case(methods=BOTH)
def three_texts():
    _, y = penguins()
    return LabelBinarizer(neg_label=-2, pos_label=3).fit(y), y[::9]


@case(methods=BOTH, versions=["0.22", "1.9"])
def two_texts():
    _, y = penguins(target="sex")
    return LabelBinarizer().fit(y), y[::9]


@case(methods=BOTH, versions=FEW)
def integers_sparse():
    _, y = iris()
    return LabelBinarizer(sparse_output=True).fit(y), y[::7]


@case(methods=["transform"], versions=["1.9"])
def an_unknown_label():
    _, y = iris()
    return LabelBinarizer().fit(y), numpy.array([0, 1, 2, 7])


def several():
    X, y = iris()
    return numpy.column_stack([y == 0, y > 0, X[:, 0] > 5.5]).astype(int)


@case(methods=BOTH, versions=FEW)
def several_labels_a_row():
    return LabelBinarizer(neg_label=-1, pos_label=2).fit(several()), several()[::6]


@case(methods=BOTH, versions=["0.22", "1.9"])
def several_labels_a_row_sparse():
    return LabelBinarizer(sparse_output=True).fit(several()), several()[::6]


@case(methods=BOTH, versions=["0.22", "1.9"])
def several_labels_a_row_of_zeros():
    return LabelBinarizer(neg_label=-2, pos_label=0).fit(several()), several()[::6]
