from golden import case, diabetes, linnerud
from sklearn.dummy import DummyRegressor

THREE = ["0.22.2.post1", "1.2.2", "1.9.1"]


@case()
def mean():
    X, y = diabetes()
    return DummyRegressor().fit(X, y), X[:2]


@case(versions=THREE)
def quantile():
    X, y = diabetes()
    return DummyRegressor(strategy="quantile", quantile=0.9).fit(X, y, sample_weight=y), X[:2]


@case(versions=["1.2.2"])
def three_medians():
    X, y = linnerud()
    return DummyRegressor(strategy="median").fit(X, y), X[:2]


@case(versions=["1.2.2"])
def constant_integer():
    X, y = diabetes()
    return DummyRegressor(strategy="constant", constant=7).fit(X, y), X[:2]
