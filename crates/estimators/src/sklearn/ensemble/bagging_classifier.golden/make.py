import joblib
import numpy
from golden import case, digits, edge_rows, iris, penguins
from sklearn.ensemble import BaggingClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

joblib.parallel_backend("threading", n_jobs=1)

FEW = ["0.20", "0.22", "0.24", "1.2", "1.9"]
BLAS = "BLAS adds the products in an order and with fused steps that depend on the processor"
LINEAR = {
    "decision_function": (1e-14, BLAS),
    "predict_proba": (1e-14, BLAS),
    "predict_log_proba": (1e-13, BLAS),
}


def bill():
    X, y = penguins()
    return X[["bill_length_mm", "bill_depth_mm", "body_mass_g"]].fillna(0), y


@case()
def trees():
    X, y = iris()
    model = BaggingClassifier(DecisionTreeClassifier(max_depth=3), n_estimators=4, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def trees_by_default():
    X, y = iris()
    return BaggingClassifier(n_estimators=3, max_samples=0.5, random_state=0).fit(X, y), X[::4]


@case(versions=FEW)
def columns_drawn_twice():
    X, y = bill()
    model = BaggingClassifier(
        DecisionTreeClassifier(max_depth=3), n_estimators=5, max_features=0.7, bootstrap_features=True, random_state=1
    ).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def missing_classes():
    X, y = digits()
    model = BaggingClassifier(DecisionTreeClassifier(max_depth=4), n_estimators=4, max_samples=12, random_state=0)
    return model.fit(X[:, ::5], numpy.array(list("abcdefghij"))[y]), X[::3, ::5]


@case(versions=FEW)
def votes():
    X, y = iris()
    model = BaggingClassifier(RidgeClassifier(), n_estimators=5, max_features=3, random_state=0).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.20", "0.22", "1.9"], methods=["predict", "predict_proba", "predict_log_proba"])
def votes_of_missing_classes():
    X, y = digits()
    svc = make_pipeline(SVC(kernel="linear"))
    model = BaggingClassifier(svc, n_estimators=4, max_samples=12, random_state=0).fit(X[:, ::5], y)
    return model, X[::3, ::5]


@case(versions=FEW, tolerance=LINEAR)
def decisions_of_two():
    X, y = iris()
    model = BaggingClassifier(LogisticRegression(solver="liblinear"), n_estimators=3, random_state=0).fit(X, y == 1)
    return model, X[::4]


@case(versions=["0.22", "1.2", "1.9"])
def three_jobs():
    X, y = iris()
    model = BaggingClassifier(DecisionTreeClassifier(max_depth=3), n_estimators=8, n_jobs=3, random_state=0).fit(X, y)
    model.n_jobs = 3
    return model, X[::2]


@case(versions=["0.22", "1.2", "1.9"])
def bayes():
    X, y = iris()
    return BaggingClassifier(GaussianNB(), n_estimators=3, max_features=2, random_state=0).fit(X, y), X[::4]


@case(versions=["0.24", "1.3", "1.9"])
def texts():
    X, y = penguins(target="sex")
    X = X[["island", "year"]].astype(object)
    encode = make_pipeline(OneHotEncoder(handle_unknown="ignore"), DecisionTreeClassifier(max_depth=2, random_state=0))
    model = BaggingClassifier(encode, n_estimators=3, random_state=0).fit(X, y)
    return model, X[:8].astype({"year": "int64"})


@case(versions=["1.3", "1.9"])
def gaps():
    X, y = penguins()
    X = X[["bill_length_mm", "bill_depth_mm"]].copy()
    X.iloc[::5, 0] = float("nan")
    model = BaggingClassifier(DecisionTreeClassifier(max_depth=3), n_estimators=3, random_state=0).fit(X, y)
    return model, edge_rows(model, X)
