import numpy
from golden import at_least, case, iris
from sklearn.tree import DecisionTreeRegressor

if at_least("0.21"):
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401
    from sklearn.impute import IterativeImputer

FEW = ["0.22", "0.24", "1.2", "1.5", "1.9"]


def gaps():
    X, _ = iris()
    X = X.copy()
    for i in range(0, len(X), 3):
        X[i, (i // 3) % 4] = float("nan")
    X[4, :3] = float("nan")
    return X


@case(since="0.21")
def ridge():
    X = gaps()
    rows = numpy.vstack([X[:9], [[float("nan")] * 4], X[20:23]])
    return IterativeImputer(random_state=0, max_iter=4).fit(X), rows


@case(versions=FEW)
def trees_with_bounds_and_indicator():
    X = gaps()
    model = IterativeImputer(
        DecisionTreeRegressor(max_depth=3, random_state=0),
        random_state=0,
        max_iter=3,
        min_value=0.5,
        max_value=4.5,
        add_indicator=True,
        imputation_order="roman",
    )
    return model.fit(X), X[:12]


@case(versions=["0.22", "1.9"])
def empty_column():
    X = gaps()
    X[:, 1] = float("nan")
    return IterativeImputer(random_state=0, max_iter=2, n_nearest_features=2).fit(X), X[:8]


@case(versions=["1.9"])
def empty_column_kept():
    X = gaps()
    X[:, 1] = float("nan")
    return IterativeImputer(random_state=0, max_iter=2, keep_empty_features=True).fit(X), X[:8]


@case(unsupported=True, versions=["0.22", "1.9"])
def random_numbers():
    return IterativeImputer(random_state=0, max_iter=2, sample_posterior=True).fit(gaps()), None
