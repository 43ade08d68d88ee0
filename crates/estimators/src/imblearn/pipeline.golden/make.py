import numpy
from golden import case, edge_rows, iris, wine
from imblearn.combine import SMOTEENN
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import Pipeline
from imblearn.under_sampling import RandomUnderSampler
from sklearn.ensemble import RandomForestClassifier
from sklearn.preprocessing import MinMaxScaler, StandardScaler


def unbalanced(table):
    X, y = table()
    kept = numpy.concatenate([numpy.flatnonzero(y == 0), numpy.flatnonzero(y == 1)[:9], numpy.flatnonzero(y == 2)[:9]])
    return X[kept], y[kept]


@case()
def over_sampled():
    X, y = unbalanced(iris)
    steps = [
        ("scale", StandardScaler()),
        ("more", SMOTE(k_neighbors=3, random_state=0)),
        ("forest", RandomForestClassifier(3, max_depth=3, random_state=0)),
    ]
    model = Pipeline(steps).fit(X, y)
    return model, edge_rows(model, X)


@case()
def several_samplers():
    X, y = unbalanced(wine)
    steps = [
        ("more", RandomOverSampler(random_state=0)),
        ("less", RandomUnderSampler(random_state=0)),
        ("scale", MinMaxScaler()),
        ("both", SMOTEENN(random_state=0)),
        ("nothing", "passthrough"),
        ("forest", RandomForestClassifier(2, max_depth=3, random_state=0)),
    ]
    model = Pipeline(steps).fit(X, y)
    return model, edge_rows(model, X)


@case(methods=["transform", "inverse_transform"])
def last_step_transforms():
    X, y = unbalanced(iris)
    model = Pipeline([("less", RandomUnderSampler(random_state=0)), ("scale", MinMaxScaler())]).fit(X, y)
    return model, X[:8]
