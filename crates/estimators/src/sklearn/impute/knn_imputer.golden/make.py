import numpy
from golden import at_least, case, diabetes, iris, penguins, wine

if at_least("0.22"):
    from sklearn.impute import KNNImputer

FEW = ["0.22", "1.0", "1.2", "1.5", "1.6", "1.9"]
NAN = float("nan")


def gaps(X, every=5):
    X = X.copy()
    cells = X.reshape(-1)
    cells[::every] = NAN
    cells[3 :: every + 2] = NAN
    return X


def declare(name, parameters, versions=FEW, data=wine, every=5, change=lambda X: X, **case_parameters):
    def fitted():
        X = change(gaps(data()[0], every))
        # Not the training rows: numpy 2 chooses among equally near ones as the processor can.
        rows = numpy.concatenate([X[:16] * 1.01 + 0.003, gaps(data()[0], 4)[20:24] * 0.99])
        return KNNImputer(**parameters).fit(X), rows

    fitted.__name__ = name
    case(versions=versions, since="0.22", **case_parameters)(fitted)


def empty_second(X):
    X[:, 1] = NAN
    return X


declare("uniform", {"n_neighbors": 3}, "all")
ORDER = {"transform": (1e-15, "numpy 2 puts the nearest rows in an order that depends on the processor, and adds in that order")}
for name, versions, tolerance in [("", ["0.22", "1.0", "1.3"], {}), ("_numpy_2", ["1.5", "1.6", "1.9"], {"tolerance": ORDER})]:
    declare("many_neighbors" + name, {"n_neighbors": 19, "weights": "distance"}, versions, diabetes, **tolerance)
    declare("more_neighbors_than_rows" + name, {"n_neighbors": 100}, versions, diabetes, 3, **tolerance)
declare("by_distance", {"n_neighbors": 4, "weights": "distance"}, tolerance=ORDER if at_least("1.5") else "exact")
declare("with_indicator", {"n_neighbors": 3, "add_indicator": True})
declare("empty_column", {"n_neighbors": 3}, change=empty_second)
if at_least("1.2"):
    declare("kept_empty_column", {"n_neighbors": 3, "keep_empty_features": True}, ["1.2", "1.9"], change=empty_second)


@case(since="0.22", versions=["0.22", "1.5", "1.6", "1.9"])
def nothing_in_common():
    X = numpy.array([[1.0, NAN, NAN], [2.5, NAN, NAN], [NAN, 3.0, NAN], [NAN, 4.5, 1.0], [NAN, 6.0, 2.0]])
    return KNNImputer(n_neighbors=3).fit(X), numpy.array([[1.0, NAN, NAN], [NAN, NAN, NAN], [NAN, 4.0, NAN], [NAN, NAN, 1.5]])


@case(since="0.22", versions=FEW)
def number_for_missing():
    X = numpy.round(iris()[0], 1)
    X[::3, 1] = -1
    X[1::4, 2] = -1
    return KNNImputer(n_neighbors=2, missing_values=-1, weights="distance").fit(X), X[:12] * 1.0


@case(since="0.22", versions=FEW)
def frame():
    X, _ = penguins()
    X = X[["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]]
    rows = X.iloc[:8] * 1.001
    rows.iloc[::2, 1] = NAN
    return KNNImputer(n_neighbors=4).fit(X), rows


@case(versions=["1.9"], unsupported=True)
def metric_of_its_own():
    import math

    return KNNImputer(metric=math.dist).fit(iris()[0]), None
