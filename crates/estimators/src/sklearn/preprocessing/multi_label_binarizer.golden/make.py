import numpy
from golden import case, documents
from sklearn.preprocessing import MultiLabelBinarizer

FEW = ["0.22", "1.2", "1.9"]


def labels(rows):
    """Labels separated by commas; a missing cell has none."""
    return [[it.strip() for it in cell.split(",")] if cell == cell else [] for cell in rows]


def joined(sets):
    return numpy.array([",".join(map(str, labels)) if labels else numpy.nan for labels in sets], dtype=object)


CALLS = {
    "transform": lambda model, rows: model.transform(labels(rows)),
    "inverse_transform": lambda model, rows: joined(model.inverse_transform(model.transform(labels(rows)))),
}
NUMBERS = {
    "transform": lambda model, rows: model.transform([map(int, it) for it in labels(rows)]),
    "inverse_transform": lambda model, rows: joined(model.inverse_transform(model.transform([map(int, it) for it in labels(rows)]))),
}
BOTH = ["transform", "inverse_transform"]


def rows():
    """Words of a few lines, some of them missing, unknown, twice or with spaces."""
    cells = [",".join(line.lower().split()[:3]) for line in documents()[:8]]
    return numpy.array(cells + [numpy.nan, "ugly, better ,is", "unheard", "beautiful,beautiful"], dtype=object)


@case(methods=BOTH, calls=CALLS)
def words():
    return MultiLabelBinarizer().fit(labels(rows()[:6])), rows()


@case(versions=FEW, methods=BOTH, calls=CALLS)
def sparse_in_given_order():
    return MultiLabelBinarizer(classes=["is", "better", "ugly", "sparse"], sparse_output=True).fit([]), rows()


@case(versions=FEW, methods=BOTH, calls=NUMBERS)
def numbers():
    model = MultiLabelBinarizer().fit([[1, 20], [3], [4, 1]])
    return model, numpy.array(["1,3", "20, 4,1", numpy.nan, "7", "3,3"], dtype=object)


@case(versions=["1.9"], unsupported=True)
def labels_with_commas():
    return MultiLabelBinarizer().fit([["a, b", "c"]]), None


@case(versions=["1.9"], unsupported=True)
def tuples():
    return MultiLabelBinarizer().fit([[(1, 2), (3, 4)]]), None
