from golden import case, edge_rows, iris
from sklearn.preprocessing import Binarizer

FEW = ["0.20", "0.22", "1.2", "1.9"]


@case()
def zero():
    X, _ = iris()
    model = Binarizer().fit(X - 3)
    return model, edge_rows(model, X - 3)


@case(versions=FEW)
def threshold():
    X, _ = iris(frame=True)
    model = Binarizer(threshold=3.5).fit(X)
    return model, edge_rows(model, X)
