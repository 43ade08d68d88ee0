import numpy
from golden import case, diabetes, edge_rows, linnerud
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.tree import DecisionTreeRegressor

FEW = ["0.20", "0.22", "0.24", "1.2", "1.9"]
SUM = {"predict": (1e-14, "BLAS adds the products in an order and with fused steps that depend on the processor")}


@case()
def functions():
    X, y = diabetes()
    tree = DecisionTreeRegressor(max_depth=3, random_state=0)
    model = TransformedTargetRegressor(tree, func=numpy.log1p, inverse_func=numpy.expm1).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW, tolerance=SUM)
def scaler():
    X, y = diabetes(frame=True)
    model = TransformedTargetRegressor(LinearRegression(), transformer=StandardScaler()).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.22", "1.9"])
def two_dimensions_of_one_target():
    X, y = diabetes()
    tree = DecisionTreeRegressor(max_depth=3, random_state=0)
    model = TransformedTargetRegressor(tree, transformer=MinMaxScaler()).fit(X, y.reshape(-1, 1))
    return model, X[:6]


@case(versions=["0.22", "1.9"])
def three_targets():
    X, y = linnerud()
    tree = DecisionTreeRegressor(max_depth=3, random_state=0)
    model = TransformedTargetRegressor(tree, func=numpy.sqrt, inverse_func=numpy.square).fit(X, y)
    return model, X[:6]


@case(versions=["1.9"])
def no_transformer():
    X, y = diabetes()
    return TransformedTargetRegressor(DecisionTreeRegressor(max_depth=2, random_state=0)).fit(X, y), X[:6]
