from golden import at_least, case, diabetes, linnerud, wine
from sklearn.cross_decomposition import CCA, PLSCanonical, PLSRegression

ALL = ["predict", "transform"] + (["inverse_transform"] if at_least("0.22") else [])
FEW = ["0.20", "0.23", "0.24", "1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.9"]
PLACE = "gemv of a matrix by columns has other code for some rows, by their place"


def rows_of(X):
    rows = X[:14].copy()
    rows[1, 0] = -0.0
    rows[2] = 1e6
    rows[3, 1] = 1e300
    return rows


@case(methods=ALL)
def regression():
    X, y = linnerud()
    return PLSRegression(n_components=2).fit(X, y), rows_of(X)


@case(methods=ALL)
def canonical():
    X, y = linnerud()
    return PLSCanonical(n_components=2).fit(X, y), rows_of(X)


@case(methods=ALL)
def correlation():
    X, y = linnerud()
    return CCA(n_components=2).fit(X, y), rows_of(X)


@case(versions=FEW, methods=ALL)
def one_target():
    X, y = diabetes()
    return PLSRegression(n_components=3).fit(X, y), X[:12]


@case(versions=["0.23", "1.2", "1.9"], methods=ALL, tolerance={"predict": (1e-15, PLACE)})
def one_target_of_a_frame():
    X, y = wine(frame=True)
    return PLSRegression(n_components=2).fit(X, y), X[:12]


@case(versions=["0.22", "1.2", "1.9"], methods=ALL)
def not_scaled():
    X, _ = wine()
    return PLSRegression(n_components=3, scale=False).fit(X[:, :4], X[:, 4:]), X[:10, :4]


@case(versions=["0.23", "1.9"], methods=ALL)
def by_svd():
    X, y = linnerud()
    return PLSCanonical(n_components=3, algorithm="svd").fit(X, y), X[:8]


@case(versions=["1.9"], refused=True)
def missing():
    X, y = linnerud()
    model = PLSRegression().fit(X, y)
    X[1, 1] = float("nan")
    return model, X[:3]


@case(versions=["1.9"], unsupported=True)
def weights_of_other_features():
    X, y = linnerud()
    model = PLSRegression().fit(X, y)
    model.coef_ = model.coef_[:, :2]
    return model, None
