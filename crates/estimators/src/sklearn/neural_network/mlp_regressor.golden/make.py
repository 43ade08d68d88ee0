from golden import case, diabetes, edge_rows, linnerud
from sklearn.neural_network import MLPRegressor

SUM = "a BLAS's order of additions; tanh and exp differ by an ulp between numpy and libm"
CLOSE = {"predict": (1e-13, SUM)}
FEW = ["0.22", "0.24", "1.2", "1.9"]


@case(tolerance=CLOSE)
def relu():
    X, y = diabetes()
    model = MLPRegressor(hidden_layer_sizes=(8, 5), random_state=0, max_iter=60).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def tanh_three_targets():
    X, Y = linnerud()
    return MLPRegressor(hidden_layer_sizes=(6,), activation="tanh", solver="lbfgs", random_state=0, max_iter=30).fit(X, Y), X[:8]


@case(since="1.7", versions=["1.7", "1.9"], tolerance=CLOSE)
def poisson():
    X, y = diabetes()
    model = MLPRegressor(hidden_layer_sizes=(4,), loss="poisson", activation="logistic", random_state=0, max_iter=40)
    return model.fit(X, y / 100), X[:9]
