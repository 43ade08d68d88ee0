from golden import case, diabetes, edge_rows
from sklearn.linear_model import ARDRegression, BayesianRidge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FEW = ["0.20", "0.24", "1.0", "1.2", "1.9"]
METHODS = ["predict", "predict_with_std"]


def rows_of(model, X):
    """OpenBLAS has other code for the last one to three rows of a block, so there are as many as four goes into."""
    rows = edge_rows(model, X, ["predict"])
    return rows[: len(rows) // 4 * 4]


@case(methods=METHODS)
def ridge():
    X, y = diabetes()
    model = BayesianRidge().fit(X, y)
    return model, rows_of(model, X)


@case(methods=METHODS)
def relevance():
    X, y = diabetes()
    model = ARDRegression(threshold_lambda=1e-4).fit(X * 100, y)
    return model, rows_of(model, X * 100)


@case(versions=["0.20", "0.24", "1.0"], methods=METHODS)
def ridge_normalized():
    X, y = diabetes()
    model = BayesianRidge(normalize=True).fit(X + 1, y)
    return model, rows_of(model, X + 1)


@case(versions=["0.24", "1.0"], methods=METHODS)
def relevance_normalized():
    X, y = diabetes()
    model = ARDRegression(normalize=True).fit(X + 1, y)
    return model, rows_of(model, X + 1)


@case(versions=["0.20"], methods=["predict"])
def relevance_normalized_without_offset():
    """Python fails to give a standard deviation: 0.20 does not keep what it needs."""
    X, y = diabetes()
    model = ARDRegression(normalize=True).fit(X + 1, y)
    return model, rows_of(model, X + 1)


@case(versions=["1.2", "1.8", "1.9"], methods=METHODS)
def ridge_of_a_frame():
    X, y = diabetes(frame=True)
    model = BayesianRidge().fit(X + 1, y)
    return model, rows_of(model, X + 1)


@case(versions=FEW, methods=METHODS)
def ridge_without_intercept_in_a_pipeline():
    X, y = diabetes()
    model = make_pipeline(StandardScaler(), BayesianRidge(fit_intercept=False)).fit(X, y)
    return model, rows_of(model, X)
