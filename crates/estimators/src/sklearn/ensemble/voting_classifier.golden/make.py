import numpy
from golden import at_least, case, edge_rows, iris, penguins
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

FEW = ["0.20", "0.22", "0.24", "1.2", "1.9"]
HARD = ["predict", "transform"]


def members():
    return [
        ("tree", DecisionTreeClassifier(max_depth=2, random_state=0)),
        ("stump", DecisionTreeClassifier(max_depth=1, random_state=0)),
        ("forest", RandomForestClassifier(n_estimators=3, max_depth=2, random_state=1)),
    ]


def bill():
    X, y = penguins()
    return X[["bill_length_mm", "bill_depth_mm", "body_mass_g"]].fillna(0), y


@case(methods=HARD)
def hard():
    X, y = iris()
    model = VotingClassifier(members()).fit(X, y)
    return model, edge_rows(model, X, HARD)


@case()
def soft():
    X, y = iris()
    model = VotingClassifier(members(), voting="soft", flatten_transform=True).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW, methods=HARD)
def hard_weights_texts():
    X, y = bill()
    model = VotingClassifier(members(), weights=[0.3, 0.5, 0.2]).fit(X, y)
    return model, edge_rows(model, X, HARD)


@case(versions=FEW)
def soft_weights_texts():
    X, y = bill()
    model = VotingClassifier(members(), voting="soft", weights=[2, 1, 3], flatten_transform=True).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.20", "0.21", "1.1", "1.9"])
def not_flattened():
    X, y = iris()
    model = VotingClassifier(members()[:2], voting="soft", weights=[0.1, 0.7], flatten_transform=False).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.20"])
def flattening_not_said():
    X, y = iris()
    model = VotingClassifier(members()[:2], voting="soft").fit(X, y)
    return model, X[:6]


@case(versions=["0.20", "0.22", "1.9"])
def dropped():
    X, y = iris()
    model = VotingClassifier(members(), voting="soft", weights=[0.2, 5, 0.4], flatten_transform=True)
    model.set_params(stump="drop" if at_least("0.21") else None)
    model.fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.22", "1.9"])
def many_weights():
    X, y = iris()
    trees = [("t%d" % i, DecisionTreeClassifier(max_depth=1 + i % 2, max_features=2, random_state=i)) for i in range(9)]
    model = VotingClassifier(trees, voting="soft", weights=[0.1 * i + 0.05 for i in range(9)]).fit(X, y)
    return model, X[::5]


@case(versions=["0.24", "1.9"], methods=HARD)
def negative_weights():
    X, y = iris()
    return VotingClassifier(members()[:2], weights=[-1, 0.5]).fit(X, y), X[::5]


@case(versions=["0.22", "1.2", "1.9"], methods=HARD)
def booleans():
    X, y = iris()
    model = VotingClassifier(members(), weights=[2, 1, 1]).fit(X, y == 1)
    return model, edge_rows(model, X, HARD)


@case(versions=["0.24", "1.3", "1.9"])
def texts_and_numbers():
    X, y = penguins(target="sex")
    X = X[["island", "body_mass_g"]].astype({"island": object})
    X["body_mass_g"] = X["body_mass_g"].fillna(4000)
    deep, flat = [
        make_pipeline(OneHotEncoder(handle_unknown="ignore"), DecisionTreeClassifier(max_depth=depth, random_state=0))
        for depth in (3, 1)
    ]
    model = VotingClassifier([("deep", deep), ("flat", flat)], voting="soft", weights=[0.4, 0.6]).fit(X, y)
    return model, X[:12]


@case(since="1.6", versions=["1.6", "1.9"])
def frozen_numbers():
    from sklearn.frozen import FrozenEstimator

    X, y = iris()
    frozen = FrozenEstimator(DecisionTreeClassifier(max_depth=1, random_state=0).fit(X, y))
    return VotingClassifier([("frozen", frozen)] + members()[::2], voting="soft").fit(X, numpy.array(list("abc"))[y]), X[::5]
