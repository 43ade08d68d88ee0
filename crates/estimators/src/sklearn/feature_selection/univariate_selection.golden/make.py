import numpy
from golden import case, digits, edge_rows, iris, wine
from sklearn.feature_selection import (
    GenericUnivariateSelect,
    SelectFdr,
    SelectFpr,
    SelectFwe,
    SelectKBest,
    SelectPercentile,
    chi2,
    f_regression,
    mutual_info_classif,
)
from sklearn.preprocessing import MinMaxScaler
from sklearn.pipeline import make_pipeline

BOTH = ["transform", "inverse_transform"]
FEW = ["0.22", "1.2", "1.9"]


def finite(rows):
    """inverse_transform takes no others, so that transform alone must."""
    return rows[numpy.isfinite(rows).all(axis=1)]


def declare(name, make, data=iris, versions="all"):
    def fitted():
        X, y = data()
        model = make().fit(X, y)
        return model, finite(edge_rows(model, X, ["transform"], plain=3))

    fitted.__name__ = name
    case(versions=versions, methods=BOTH)(fitted)


def noisy():
    """Two columns that say nothing of the class."""
    X, y = wine()
    X = X.copy()
    X[:, 1] = numpy.arange(60) % 7
    X[:, 3] = numpy.arange(60) % 11
    return X, y


def constant_columns():
    X, y = digits()
    return X[:, :20].copy(), y


def equal_scores():
    X, y = iris()
    return X[:, [2, 0, 2, 1, 2, 0, 0, 3]].copy(), y


declare("k_best", lambda: SelectKBest(k=2))
declare("k_best_of_constant_columns", lambda: SelectKBest(k=12), constant_columns, FEW)
declare("k_best_of_equal", lambda: SelectKBest(k=3), equal_scores, FEW)
declare("k_all", lambda: SelectKBest(chi2, k="all"), versions=["1.9"])
declare("k_best_mutual_information", lambda: SelectKBest(mutual_info_classif, k=1), versions=["0.22", "1.9"])
declare("percentile", lambda: SelectPercentile(percentile=50))
declare("percentile_between", lambda: SelectPercentile(percentile=37), constant_columns, FEW)
declare("percentile_of_equal", lambda: SelectPercentile(percentile=50), equal_scores, FEW)
declare("percentile_100", lambda: SelectPercentile(percentile=100), versions=["1.9"])
declare("false_positives", lambda: SelectFpr(alpha=0.05), noisy)
declare("false_discoveries", lambda: SelectFdr(alpha=0.05), noisy)
declare("family_errors", lambda: SelectFwe(alpha=0.01), noisy)
declare("generic", lambda: GenericUnivariateSelect(mode="fdr", param=0.01), noisy)
for mode, parameter in [("percentile", 40), ("k_best", 3), ("fpr", 0.2), ("fwe", 0.3)]:
    declare("generic_" + mode, lambda m=mode, p=parameter: GenericUnivariateSelect(f_regression, mode=m, param=p), noisy, ["0.22", "1.9"])


@case(versions=["0.22", "1.9"], methods=["transform"])
def in_pipeline():
    X, y = wine()
    model = make_pipeline(MinMaxScaler(), SelectKBest(chi2, k=3)).fit(X, y)
    return model, edge_rows(model, X, ["transform"])


@case(versions=["1.9"], refused=True, methods=["transform"])
def missing_value_in_dropped_column():
    X, y = iris()
    model = SelectKBest(k=1).fit(X, y)
    X[1, 1] = float("nan")
    return model, X[:3]


@case(versions=["1.9"], unsupported=True)
def unknown_mode():
    X, y = iris()
    model = GenericUnivariateSelect(mode="fdr", param=0.01).fit(X, y)
    model.mode = "best"
    return model, None
