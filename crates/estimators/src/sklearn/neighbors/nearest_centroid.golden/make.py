import numpy
from golden import at_least, cancer, case, digits, iris, wine
from scipy.sparse import csr_matrix
from sklearn.neighbors import NearestCentroid

FEW = ["0.20", "1.0", "1.1", "1.2", "1.5", "1.6", "1.9"]
SCORES = ["1.6", "1.9"]


def declare(name, parameters, versions=FEW, data=iris, labels=lambda y: y, **case_parameters):
    def fitted():
        X, y = data()
        rows = X[:12].copy()
        rows[6:] = (X[0:6] + X[24:30]) / 2
        return NearestCentroid(**parameters).fit(X, labels(y)), rows

    fitted.__name__ = name
    case(versions=versions, **case_parameters)(fitted)


declare("euclidean", {}, "all", labels=lambda y: y.astype(str))
declare("two_classes", {}, data=cancer)
declare("manhattan", {"metric": "manhattan"}, data=wine)
declare("shrunken", {"shrink_threshold": 0.5}, data=wine)
declare("chebyshev", {"metric": "chebyshev"}, ["0.20", "1.1", "1.2", "1.3"], data=wine)
declare("cosine", {"metric": "cosine"}, ["0.20", "1.1", "1.2", "1.3"], data=wine)
if at_least("1.6"):
    declare("unequal_priors", {"priors": [0.7, 0.2, 0.1]}, SCORES)
    declare("empirical_priors", {"priors": "empirical"}, SCORES, data=wine)
    declare("unequal_priors_manhattan", {"priors": [0.7, 0.2, 0.1], "metric": "manhattan"}, SCORES)
    declare("constant_columns", {"priors": "empirical"}, SCORES, data=digits)


@case(versions=["0.20", "1.1", "1.2"])
def sparse_training_rows():
    X, y = digits()
    return NearestCentroid().fit(csr_matrix(X[:, :20]), y), X[:8, :20]


@case(versions=["1.3"], unsupported=True)
def correlation():
    X, y = iris()
    return NearestCentroid(metric="correlation").fit(X, y), None
