import math

from golden import case, digits, iris, penguins, wine
from scipy.sparse import csr_matrix
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

FEW = ["0.21", "0.22", "0.24", "1.0", "1.2", "1.3", "1.9"]
ENDS = ["0.22", "1.2", "1.9"]
KNEIGHBORS = ["predict", "predict_proba", "kneighbors"]
POWER = {"predict_proba": (1e-14, "pow of the C library: within 1 ulp of the true value, but not defined to the bit")}


def declare(name, parameters, versions=ENDS, data=iris, labels=lambda y: y, **case_parameters):
    def fitted():
        X, y = data()
        model = KNeighborsClassifier(**parameters).fit(X, labels(y))
        # The first rows are training rows; between two of them others are equally far.
        rows = X[:24].copy()
        rows[12:] = (X[12:24] + X[30:42]) / 2
        rows[3, 1] = -0.0
        return model, rows

    fitted.__name__ = name
    case(versions=versions, **case_parameters)(fitted)


def large_iris():
    from sklearn.datasets import load_iris

    return load_iris(return_X_y=True)


def twelve_columns():
    X, y = digits()
    return X[:, 2:14].copy(), y


declare("kd_tree", {"n_neighbors": 5}, FEW, large_iris, lambda y: y.astype(str))
declare("kd_tree_by_distance", {"n_neighbors": 9, "weights": "distance", "leaf_size": 5}, FEW, large_iris)
declare("kd_tree_manhattan", {"n_neighbors": 4, "p": 1, "leaf_size": 4, "algorithm": "kd_tree"}, data=large_iris)
declare("kd_tree_minkowski", {"n_neighbors": 4, "p": 3, "weights": "distance", "leaf_size": 4, "algorithm": "kd_tree"}, tolerance=POWER)
declare("kd_tree_chebyshev", {"n_neighbors": 6, "metric": "chebyshev", "leaf_size": 4, "algorithm": "kd_tree"}, data=large_iris)
declare("ball_tree", {"n_neighbors": 5, "algorithm": "ball_tree", "leaf_size": 3}, FEW, large_iris, lambda y: y + 1.0)
declare("ball_tree_manhattan", {"n_neighbors": 5, "algorithm": "ball_tree", "leaf_size": 3, "metric": "manhattan", "weights": "distance"})
declare("ball_tree_of_ten_classes", {"n_neighbors": 12, "algorithm": "ball_tree", "leaf_size": 3, "weights": "distance"}, data=twelve_columns)
declare("all_versions", {"n_neighbors": 3}, "all", methods=KNEIGHBORS)
declare("brute_all_versions", {"n_neighbors": 3, "algorithm": "brute"}, "all", data=wine, methods=KNEIGHBORS)
declare("brute_manhattan_by_distance", {"n_neighbors": 3, "p": 1, "algorithm": "brute", "weights": "distance"}, data=wine)
declare("brute_minkowski", {"n_neighbors": 5, "p": 1.5, "algorithm": "brute", "weights": "distance"}, data=wine, tolerance=POWER)
BRUTE = ["0.20", "0.24", "1.0", "1.1", "1.2", "1.9"]
declare("brute_cosine", {"n_neighbors": 3, "algorithm": "brute", "metric": "cosine"}, BRUTE, data=wine, methods=KNEIGHBORS)


@case(versions=BRUTE)
def brute_by_distance():
    X, y = wine()
    model = KNeighborsClassifier(4, algorithm="brute", weights="distance").fit(X, y)
    return model, X[:8] + 0.5


@case(versions=["0.20", "1.0", "1.1", "1.2", "1.3", "1.9"])
def sparse_rows():
    X, y = digits()
    return KNeighborsClassifier(3).fit(csr_matrix(X[:, :20]), y), X[:8, :20] + 0.25


SPARSE = ["0.20", "0.22", "1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.9"]


# Few codes, of which nearly every row is equally far from several training rows.
def islands(count):
    X, _ = penguins()
    X = X[["island", "body_mass_g", "sex"]].dropna()[:count]
    return X[["island", "body_mass_g"]], X["sex"].values.astype(str)


@case(versions=SPARSE, methods=["predict", "predict_proba"])
def sparse_rows_of_a_pipeline():
    X, y = islands(100)
    encoder = OneHotEncoder(handle_unknown="ignore")
    return make_pipeline(encoder, KNeighborsClassifier(3)).fit(X, y), X[:24]


@case(versions=SPARSE, methods=KNEIGHBORS)
def equally_far_sparse_training_rows():
    X, y = islands(100)
    codes = OneHotEncoder(handle_unknown="ignore").fit_transform(X)
    return KNeighborsClassifier(3).fit(codes, y), codes[:10].toarray()


@case()
def two_outputs():
    import numpy

    X, y = iris()
    return KNeighborsClassifier(3).fit(X, numpy.stack([y, y > 1], axis=1).astype(int)), X[:8]


@case(versions=ENDS)
def names():
    X, y = penguins("species")
    X = X[["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]].dropna()
    return KNeighborsClassifier(7).fit(X, y[X.index]), X[:12]


@case(versions=["1.9"], unsupported=True)
def metric_of_its_own():
    X, y = iris()
    return KNeighborsClassifier(3, metric=math.dist).fit(X, y), None


@case(versions=["1.9"], unsupported=True)
def class_of_none():
    X, y = iris()
    model = KNeighborsClassifier(3).fit(X, y)
    model._y[4] = 3
    return model, None


@case(versions=["1.9"], refused=True)
def missing():
    X, y = iris()
    model = KNeighborsClassifier(3).fit(X, y)
    X[1, 1] = float("nan")
    return model, X[:3]
