from golden import at_least, case, edge_rows, iris
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler



def score(model, X, y):
    return 0.0


def pipeline():
    return make_pipeline(StandardScaler(), LinearRegression())


@case()
def grid():
    X, y = iris()
    model = GridSearchCV(pipeline(), {"linearregression__fit_intercept": [True, False]}, cv=3).fit(X, y)
    return model, edge_rows(model, X)


@case(methods=["transform", "inverse_transform"])
def randomized_transformer():
    X, y = iris()
    model = RandomizedSearchCV(MinMaxScaler(), {"feature_range": [(0, 2)]}, n_iter=1, cv=3, scoring=score, random_state=0)
    model.fit(X, y)
    model.scoring = None
    model.scorer_ = None
    return model, X[:4]


@case(since="0.24")
def halving_grid():
    from sklearn.experimental import enable_halving_search_cv  # noqa: F401
    from sklearn.model_selection import HalvingGridSearchCV

    X, y = iris()
    model = HalvingGridSearchCV(pipeline(), {"linearregression__fit_intercept": [True, False]}, cv=3, random_state=0)
    return model.fit(X, y), X[:4]


@case(since="0.24")
def halving_random():
    from sklearn.experimental import enable_halving_search_cv  # noqa: F401
    from sklearn.model_selection import HalvingRandomSearchCV

    X, y = iris()
    grid = {"linearregression__fit_intercept": [True, False]}
    model = HalvingRandomSearchCV(pipeline(), grid, n_candidates=2, cv=3, random_state=0)
    return model.fit(X, y), X[:4]


@case(versions=["0.22", "1.9"], unsupported=True)
def not_refitted():
    X, y = iris()
    return GridSearchCV(pipeline(), {"linearregression__fit_intercept": [True, False]}, cv=3, refit=False).fit(X, y), None
