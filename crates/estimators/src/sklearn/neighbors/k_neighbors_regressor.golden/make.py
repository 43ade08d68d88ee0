import numpy
from golden import case, diabetes, linnerud
from sklearn.neighbors import KNeighborsRegressor

FEW = ["0.21", "0.22", "0.24", "1.2", "1.9"]
ENDS = ["0.22", "1.2", "1.9"]


def declare(name, parameters, versions=ENDS, data=diabetes, **case_parameters):
    def fitted():
        X, y = data()
        model = KNeighborsRegressor(**parameters).fit(X, y)
        rows = X[:16].copy()
        rows[8:] = (X[0:8] + X[4:12]) / 2
        return model, rows

    fitted.__name__ = name
    case(versions=versions, **case_parameters)(fitted)


declare("five", {}, "all", methods=["predict", "kneighbors"])
declare("twelve_by_distance", {"n_neighbors": 12, "weights": "distance", "leaf_size": 3}, FEW)
declare("ball_tree", {"n_neighbors": 9, "algorithm": "ball_tree", "leaf_size": 3})
declare("brute_manhattan", {"n_neighbors": 10, "algorithm": "brute", "p": 1, "weights": "distance"}, ENDS)
declare("brute", {"n_neighbors": 3, "algorithm": "brute"}, ENDS)
# So few rows are searched by brute force.
declare("three_targets", {"n_neighbors": 10}, ENDS, data=linnerud)
declare("three_targets_by_distance", {"n_neighbors": 10, "weights": "distance"}, ENDS, data=linnerud)


# Added up in the order in which numpy sorts equal distances: since numpy 2.3 those that lie sorted stay as they are.
@case(versions=["1.4", "1.7", "1.8"], dump="joblib", compress=3)
def many_equally_far():
    from sklearn.datasets import load_digits

    X = load_digits(return_X_y=True)[0][:916]
    few, y = numpy.floor(X[:, [10, 20, 28]] / 6), numpy.sqrt(X.sum(axis=1))
    return KNeighborsRegressor(300, algorithm="brute", metric="hamming").fit(few[:900], y[:900]), few[900:]


@case(versions=["1.9"], unsupported=True)
def leaf_of_other_rows():
    X, y = diabetes()
    model = KNeighborsRegressor().fit(X, y)
    state = list(model._tree.__getstate__())
    state[1] = state[1][:-1].copy()
    model._tree.__setstate__(tuple(state))
    return model, None


@case(versions=["1.9"], unsupported=True)
def weights_of_its_own():
    X, y = diabetes()
    return KNeighborsRegressor(weights=numpy.exp).fit(X, y), None
