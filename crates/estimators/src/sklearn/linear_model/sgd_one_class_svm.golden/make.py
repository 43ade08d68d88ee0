import sklearn.linear_model
from golden import case, edge_rows, iris



@case(since="1.0")
def plain():
    X, _ = iris()
    model = sklearn.linear_model.SGDOneClassSVM(nu=0.2, random_state=0).fit(X - X.mean(axis=0))
    return model, edge_rows(model, X - X.mean(axis=0))


@case(versions=["1.9"])
def no_intercept():
    X, _ = iris()
    model = sklearn.linear_model.SGDOneClassSVM(nu=0.5, random_state=0, fit_intercept=False).fit(X - X.mean(axis=0))
    return model, edge_rows(model, X - X.mean(axis=0))


@case(versions=["1.9"], unsupported=True)
def two_offsets():
    X, _ = iris()
    model = sklearn.linear_model.SGDOneClassSVM(random_state=0).fit(X)
    model.offset_ = model.offset_.repeat(2)
    return model, None
