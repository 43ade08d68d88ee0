import numpy
from golden import case, digits, iris
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD

BOTH = ["transform", "inverse_transform"]
FEW = ["0.21", "0.22", "1.2", "1.9"]


@case(methods=BOTH)
def three_components():
    X, _ = digits()
    return TruncatedSVD(3, random_state=0).fit(csr_matrix(X[:, :30])), X[:8, :30]


@case(versions=FEW, methods=BOTH)
def names():
    X, _ = iris(frame=True)
    model = TruncatedSVD(2, algorithm="arpack", random_state=0).fit(X)
    model.components_ = numpy.ascontiguousarray(model.components_)  # as a file holds them
    return model, X[:8]


@case(versions=["1.9"], unsupported=True)
def components_without_features():
    X, _ = iris()
    model = TruncatedSVD(2, random_state=0).fit(X)
    model.components_ = model.components_[:, :3]
    return model, None
