import sklearn.linear_model
from golden import case, diabetes, edge_rows

FEW = ["0.23", "1.0", "1.1", "1.9"]


def declare(name, make, versions="all"):
    def fitted():
        X, y = diabetes()
        model = make().fit(X * 20, y)
        return model, edge_rows(model, X * 20)

    fitted.__name__ = name
    case(since="0.23", versions=versions)(fitted)


declare("poisson", lambda: sklearn.linear_model.PoissonRegressor(max_iter=300))
declare("gamma", lambda: sklearn.linear_model.GammaRegressor(max_iter=300))
declare("tweedie", lambda: sklearn.linear_model.TweedieRegressor(power=1.5, max_iter=300))
declare("tweedie_normal", lambda: sklearn.linear_model.TweedieRegressor(power=0), FEW)
declare("tweedie_normal_log", lambda: sklearn.linear_model.TweedieRegressor(power=0, link="log", max_iter=300), ["0.23", "1.9"])
declare("tweedie_gamma_identity", lambda: sklearn.linear_model.TweedieRegressor(power=2, link="identity", max_iter=300), ["1.0", "1.9"])


@case(versions=["1.9"], unsupported=True)
def unknown_link():
    X, y = diabetes()
    model = sklearn.linear_model.TweedieRegressor().fit(X, y)
    model.link = "logit"
    return model, None
