import sklearn.linear_model
from golden import case, diabetes, edge_rows, linnerud
from sklearn.svm import LinearSVR

ITERATES = {"random_state": 0, "max_iter": 50, "tol": 1e-3}

ONE_TARGET = {
    "ARDRegression": {},
    "BayesianRidge": {},
    "ElasticNet": {"alpha": 0.01},
    "ElasticNetCV": {"cv": 3},
    "HuberRegressor": {},
    "Lars": {"n_nonzero_coefs": 3},
    "LarsCV": {"cv": 3},
    "Lasso": {"alpha": 0.1},
    "LassoCV": {"cv": 3},
    "LassoLars": {"alpha": 0.01},
    "LassoLarsCV": {"cv": 3},
    "LassoLarsIC": {},
    "OrthogonalMatchingPursuit": {"n_nonzero_coefs": 3},
    "OrthogonalMatchingPursuitCV": {"cv": 3},
    "PassiveAggressiveRegressor": ITERATES,
    "Ridge": {},
    "RidgeCV": {},
    "SGDRegressor": ITERATES,
    "TheilSenRegressor": {"random_state": 0, "max_subpopulation": 200},
    "QuantileRegressor": {"alpha": 0.01, "solver": "highs"},
}
SEVERAL_TARGETS = {
    "MultiTaskElasticNet": {"alpha": 0.1},
    "MultiTaskElasticNetCV": {"cv": 3},
    "MultiTaskLasso": {"alpha": 0.1},
    "MultiTaskLassoCV": {"cv": 3},
}


def declare(name, make, data, **where):
    def fitted():
        X, y = data()
        model = make().fit(X, y)
        return model, edge_rows(model, X, plain=4)

    fitted.__name__ = name
    case(**where)(fitted)


for name, parameters in ONE_TARGET.items():
    since = "1.0" if name == "QuantileRegressor" else None
    declare(name.lower(), lambda: getattr(sklearn.linear_model, name)(**parameters), diabetes, since=since)

for name, parameters in SEVERAL_TARGETS.items():
    declare(name.lower(), lambda: getattr(sklearn.linear_model, name)(**parameters), linnerud)

declare("linearsvr", lambda: LinearSVR(random_state=0, max_iter=10000), diabetes)
declare("linearsvr_no_intercept", lambda: LinearSVR(fit_intercept=False, random_state=0), diabetes, versions=["0.22", "1.9"])


@case(versions=["0.22", "1.9"])
def ridge_of_one_column_target():
    X, y = diabetes()
    model = sklearn.linear_model.Ridge().fit(X, y.reshape(-1, 1))
    return model, edge_rows(model, X, plain=4)


@case(versions=["0.22", "1.2", "1.9"])
def sgd_with_sparse_weights():
    X, y = diabetes()
    model = sklearn.linear_model.SGDRegressor(penalty="l1", alpha=0.1, **ITERATES).fit(X, y).sparsify()
    return model, edge_rows(model, X, plain=4)


@case(versions=["1.2", "1.9"], refused=True)
def missing_value():
    X, y = diabetes()
    model = sklearn.linear_model.Ridge().fit(X, y)
    X[1, 2] = float("nan")
    return model, X[:3]


@case(versions=["1.9"], unsupported=True)
def not_fitted():
    return sklearn.linear_model.Lasso(), None


@case(versions=["1.9"], unsupported=True)
def intercepts_for_other_targets():
    X, y = linnerud()
    model = sklearn.linear_model.Ridge().fit(X, y)
    model.intercept_ = model.intercept_[:2]
    return model, None


@case(versions=["1.9"])
def float32_weights():
    X, y = diabetes()
    model = sklearn.linear_model.Ridge(alpha=0.01).fit(X.astype("float32"), y.astype("float32"))
    assert model.coef_.dtype == "float32"
    return model, edge_rows(model, X, plain=4)


def one_hot_float32(sparse):
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder

    X, y = linnerud()
    X = (X > 50).astype(float)
    encode = OneHotEncoder(dtype="float32", sparse_output=sparse)
    model = make_pipeline(encode, sklearn.linear_model.Ridge()).fit(X, y[:, 0].astype("float32"))
    assert model.predict(X).dtype == "float32"
    return model, X[:8]


@case(versions=["1.2", "1.9"])
def float32_rows_and_weights():
    return one_hot_float32(sparse=False)


@case(versions=["1.2", "1.9"])
def float32_sparse_rows_and_weights():
    return one_hot_float32(sparse=True)
