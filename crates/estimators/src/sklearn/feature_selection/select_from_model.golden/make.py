import numpy
from golden import cancer, case, edge_rows, iris, wine
from sklearn.ensemble import AdaBoostClassifier, ExtraTreesClassifier, GradientBoostingClassifier, RandomForestClassifier, RandomForestRegressor
from sklearn.feature_selection import SelectFromModel
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, Ridge, SGDClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

BOTH = ["transform", "inverse_transform"]
FEW = ["0.20", "0.22", "1.2", "1.9"]


def finite(rows):
    """inverse_transform takes no others, so that transform alone must."""
    return rows[numpy.isfinite(rows).all(axis=1)]


def declare(name, make, data=wine, versions=FEW, methods=BOTH):
    def fitted():
        X, y = data()
        model = make().fit(X, y)
        rows = edge_rows(model, X, ["transform"], plain=3)
        return model, rows if methods == ["transform"] else finite(rows)

    fitted.__name__ = name
    case(versions=versions, methods=methods)(fitted)


def tree():
    return DecisionTreeClassifier(max_depth=3, random_state=0)


def forest(kind=RandomForestClassifier):
    return kind(n_estimators=4, max_depth=3, random_state=0)


declare("of_tree", lambda: SelectFromModel(tree()), versions="all")
declare("of_tree_at_median", lambda: SelectFromModel(tree(), threshold="median"))
declare("of_tree_gaps", lambda: SelectFromModel(tree()), versions=["0.22", "1.3", "1.9"], methods=["transform"])
declare("of_forest", lambda: SelectFromModel(forest()))
declare("of_forest_regressor", lambda: SelectFromModel(forest(RandomForestRegressor), threshold="1.25*mean"))
declare("of_extra_trees", lambda: SelectFromModel(forest(ExtraTreesClassifier), threshold="0.5 * median"), versions=["0.22", "1.9"])
declare("of_boosting", lambda: SelectFromModel(GradientBoostingClassifier(n_estimators=2, max_depth=2, random_state=0)), cancer)
declare("of_ada_boost", lambda: SelectFromModel(AdaBoostClassifier(n_estimators=3, random_state=0)))
declare("of_ridge", lambda: SelectFromModel(Ridge()))
declare("of_ridge_at_number", lambda: SelectFromModel(Ridge(), threshold=0.05))
declare("of_lasso", lambda: SelectFromModel(Lasso(0.1)))
declare("of_elastic_net", lambda: SelectFromModel(ElasticNet(0.1, l1_ratio=1.0)), versions=["0.22", "1.0", "1.1", "1.9"])
declare("of_linear_svc", lambda: SelectFromModel(LinearSVC(penalty="l1", dual=False, C=0.05, random_state=0)), cancer, ["0.22", "1.9"])
declare("of_several_classes", lambda: SelectFromModel(SGDClassifier(random_state=0), max_features=2))
declare("norm_2", lambda: SelectFromModel(SGDClassifier(random_state=0), norm_order=2, threshold="mean"))
declare("norm_infinite", lambda: SelectFromModel(SGDClassifier(random_state=0), norm_order=numpy.inf, threshold=-numpy.inf, max_features=4))


@case(versions=FEW, methods=BOTH)
def prefit():
    X, y = iris()
    return SelectFromModel(tree().fit(X, y), prefit=True, threshold=0.1), X[:4]


@case(versions=["0.24", "1.9"], methods=["transform"])
def getter_in_pipeline():
    X, y = cancer()
    model = make_pipeline(StandardScaler(), LogisticRegression())
    return SelectFromModel(model, importance_getter="named_steps.logisticregression.coef_").fit(X, y), X[:4]


@case(versions=["1.2", "1.9"], methods=["transform"])
def most_by_function():
    X, y = wine()
    model = SelectFromModel(tree(), threshold=-numpy.inf, max_features=len).fit(X[:4, :], y[:4] + numpy.arange(4))
    model.max_features = 4
    return model, X[:4]


@case(versions=["1.9"], unsupported=True)
def getter_that_is_a_function():
    X, y = iris()
    model = SelectFromModel(tree(), importance_getter=len)
    model.estimator_ = tree().fit(X, y)
    return model, None


@case(versions=["1.9"], unsupported=True)
def linear_kernel():
    X, y = iris()
    return SelectFromModel(SVC(kernel="linear")).fit(X, y), None


@case(versions=["1.9"], unsupported=True)
def unknown_threshold():
    X, y = iris()
    model = SelectFromModel(tree()).fit(X, y)
    model.threshold = "2*mode"
    return model, None
