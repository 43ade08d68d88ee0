from golden import case, diabetes, edge_rows, linnerud
from sklearn.linear_model import LinearRegression

SUM = {"predict": (1e-14, "BLAS adds the products in an order and with fused steps that depend on the processor")}


@case()
def plain():
    X, y = diabetes()
    model = LinearRegression().fit(X, y)
    return model, edge_rows(model, X)


@case(tolerance=SUM)
def no_intercept_and_names():
    X, y = diabetes(frame=True)
    model = LinearRegression(fit_intercept=False).fit(X, y)
    return model, edge_rows(model, X)


@case()
def three_targets():
    X, y = linnerud()
    model = LinearRegression().fit(X, y)
    return model, edge_rows(model, X)


@case(dump="joblib")
def one_column_one_row():
    X, y = diabetes()
    return LinearRegression().fit(X[:, 2:3], y), X[:1, 2:3]
