import numpy
from golden import at_least, case, digits, iris, wine
from scipy.sparse import csr_matrix
from sklearn.neighbors import NearestNeighbors

ENDS = ["0.20", "0.22", "1.0", "1.1", "1.9"]
POWER = {"kneighbors": (1e-14, "pow, sin and asin of the C library: within 1 ulp of the true value, but not defined to the bit")}


def declare(name, parameters, versions=ENDS, data=iris, change=lambda X: X, **case_parameters):
    def fitted():
        X = change(data()[0])
        # Rows that are training rows twice: equally far ones.
        model = NearestNeighbors(**parameters).fit(numpy.vstack([X[:30], X[20:40]]))
        return model, change(data()[0][:12]) + numpy.array([[0.0], [0.25]] * 6)

    fitted.__name__ = name
    case(versions=versions, methods=["kneighbors"], **case_parameters)(fitted)


def positive(X):
    return numpy.abs(X) + 0.5


def angles(X):
    return X[:, :2] / 10


def bits(X):
    return (X > numpy.median(X, axis=0)).astype(float)


declare("tree", {"n_neighbors": 6}, "all")
declare("brute", {"n_neighbors": 6, "algorithm": "brute"}, "all")
declare("brute_of_64_columns", {"n_neighbors": 7, "algorithm": "brute"}, data=digits)
for metric in ["canberra", "braycurtis", "hamming", "chebyshev"]:
    declare("ball_" + metric, {"n_neighbors": 4, "algorithm": "ball_tree", "metric": metric, "leaf_size": 5}, data=wine)
declare("ball_haversine", {"n_neighbors": 4, "algorithm": "ball_tree", "metric": "haversine", "leaf_size": 5}, change=angles, tolerance=POWER)
declare("ball_minkowski", {"n_neighbors": 4, "algorithm": "ball_tree", "p": 3, "leaf_size": 5}, tolerance=POWER)
VARIANCES = {"V": numpy.array([0.7, 0.2, 3.1, 0.6])}
declare("ball_seuclidean", {"n_neighbors": 4, "algorithm": "ball_tree", "metric": "seuclidean", "metric_params": VARIANCES, "leaf_size": 5})
INVERSE = numpy.eye(4) * 2 + 0.25
declare("ball_mahalanobis", {"n_neighbors": 4, "algorithm": "ball_tree", "metric": "mahalanobis", "metric_params": {"VI": INVERSE}, "leaf_size": 5})
for metric in ["jaccard", "matching", "dice", "rogerstanimoto", "russellrao", "sokalmichener", "sokalsneath"]:
    declare(
        "ball_" + metric,
        {"n_neighbors": 3, "algorithm": "ball_tree", "metric": metric, "leaf_size": 5},
        ["0.22", "1.9"] if metric != "matching" else ["0.22"],
        data=digits,
        change=bits,
    )

LANES = {"kneighbors": (1e-15, "scipy before 1.7 adds in two lanes, as the row lies in memory")}
for metric in ["canberra", "chebyshev"]:
    declare("brute_" + metric, {"n_neighbors": 4, "algorithm": "brute", "metric": metric}, data=wine)
for metric in ["sqeuclidean", "cityblock"]:
    declare("brute_" + metric, {"n_neighbors": 4, "algorithm": "brute", "metric": metric}, ["1.0", "1.1", "1.2", "1.9"], data=wine)
    declare("brute_%s_in_lanes" % metric, {"n_neighbors": 4, "algorithm": "brute", "metric": metric}, ["0.20", "0.22"], data=wine, tolerance=LANES)
declare("brute_minkowski", {"n_neighbors": 4, "algorithm": "brute", "p": 3}, tolerance=POWER)
declare("brute_seuclidean", {"n_neighbors": 4, "algorithm": "brute", "metric": "seuclidean", "metric_params": VARIANCES})
# numpy's partition chooses among equally far rows.
NUMPY = ["0.22", "1.1", "1.3", "1.5", "1.9"]
declare("brute_cosine", {"n_neighbors": 4, "algorithm": "brute", "metric": "cosine"}, NUMPY + ["0.20", "1.0"], data=wine)
declare("brute_hamming", {"n_neighbors": 4, "algorithm": "brute", "metric": "hamming"}, NUMPY, data=wine)
declare("brute_mahalanobis", {"n_neighbors": 4, "algorithm": "brute", "metric": "mahalanobis", "metric_params": {"VI": INVERSE}}, NUMPY)
for metric in ["jaccard", "dice", "rogerstanimoto", "russellrao"]:
    declare("brute_" + metric, {"n_neighbors": 3, "algorithm": "brute", "metric": metric}, ["0.22", "1.3", "1.9"], data=digits, change=bits)


def pixels(start, end):
    """Three pixels with few grey values: most rows are equally far from many."""
    from sklearn.datasets import load_digits

    return numpy.floor(load_digits(return_X_y=True)[0][start:end, [10, 20, 28]] / 6)


# The numpy that made the file decides, not scikit-learn's version.
@case(versions=["0.20", "1.4", "1.4.2+numpy2.0.2", "1.7", "1.7.2+numpy1.26.4", "1.9"], methods=["kneighbors"])
def equally_far():
    model = NearestNeighbors(n_neighbors=5, algorithm="brute", metric="hamming").fit(pixels(0, 100))
    return model, pixels(100, 120)


# More than 256, which AVX2 and AVX-512 divide otherwise; this is AVX2.
@case(versions=["1.4", "1.5", "1.7", "1.8", "1.9"], methods=["kneighbors"], dump="joblib", compress=3)
def equally_far_of_many():
    model = NearestNeighbors(n_neighbors=5, algorithm="brute", metric="hamming").fit(pixels(0, 900))
    return model, pixels(900, 920)


if at_least("1.2"):
    WEIGHTS = {"w": numpy.array([1.0, 0.5, 2.0, 0.25])}
    declare("ball_weighted", {"n_neighbors": 4, "algorithm": "ball_tree", "metric": "minkowski", "p": 3, "metric_params": WEIGHTS}, ["1.2", "1.9"], tolerance=POWER)
    declare("brute_weighted", {"n_neighbors": 4, "algorithm": "brute", "metric": "minkowski", "p": 3, "metric_params": WEIGHTS}, ["1.2", "1.9"], tolerance=POWER)


@case(versions=["0.20", "1.0", "1.1", "1.2", "1.3", "1.9"], methods=["kneighbors"])
def sparse_training_rows():
    X, _ = digits()
    return NearestNeighbors(n_neighbors=3).fit(csr_matrix(X[:, :20])), X[:8, :20] + 0.25


@case(versions=["0.22", "1.0", "1.3", "1.9"], methods=["kneighbors"])
def squares_that_overflow():
    X = wine()[0][:20, :3].copy()
    X[4, 1] = 1e200
    rows = X[:6] * 2.0
    rows[2, 0], rows[3, 1] = -1e180, 1e300
    return NearestNeighbors(n_neighbors=3).fit(csr_matrix(X)), rows


@case(versions=["0.22", "1.0", "1.3", "1.5", "1.9"], methods=["kneighbors"])
def precomputed():
    X, _ = iris()
    distances = numpy.abs(X[:, None, :] - X[None, :20, :]).sum(axis=2)
    return NearestNeighbors(n_neighbors=6, metric="precomputed").fit(distances[:20]), distances[20:32]


@case(versions=["1.0", "1.9"], methods=["kneighbors"])
def float32_training_rows():
    X, _ = wine()
    return NearestNeighbors(n_neighbors=3, algorithm="brute").fit(X.astype("float32")), X[:8] + 0.25


@case(versions=["1.9"], unsupported=True)
def correlation():
    return NearestNeighbors(metric="correlation").fit(wine()[0]), None
