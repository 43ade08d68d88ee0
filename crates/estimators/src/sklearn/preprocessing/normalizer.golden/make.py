from golden import case, digits, edge_rows, wine
from sklearn.preprocessing import Normalizer

ALL = ["0.20", "0.22", "0.24", "1.0", "1.2", "1.9"]
FEW = ["0.22", "1.2", "1.9"]


def wide():
    """50 rows of 21 numbers that are not whole."""
    return digits()[0][:, 2:23] / 7 - 0.3


@case()
def l2():
    model = Normalizer().fit(wide())
    return model, edge_rows(model, wide(), plain=12)


@case(versions=["1.0", "1.2", "1.5", "1.9"])
def l2_of_data_frames():
    X, _ = wine(frame=True)
    model = Normalizer().fit(X)
    return model, edge_rows(model, X, plain=12)


@case(versions=FEW)
def l1():
    model = Normalizer(norm="l1").fit(wide())
    return model, edge_rows(model, wide(), plain=12)


@case(versions=["1.2", "1.9"])
def l1_of_data_frames():
    X, _ = wine(frame=True)
    model = Normalizer(norm="l1").fit(X)
    return model, edge_rows(model, X, plain=12)


@case(versions=["0.20", "0.22", "0.23", "1.2", "1.9"])
def largest():
    X = -wide()[:, :5]
    model = Normalizer(norm="max").fit(X)
    return model, edge_rows(model, X)
