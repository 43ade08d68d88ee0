from golden import at_least, case, diabetes, edge_rows
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import RandomForestRegressor, VotingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeRegressor

FEW = ["0.22", "1.2", "1.9"]


def members():
    return [
        ("tree", DecisionTreeRegressor(max_depth=3, random_state=0)),
        ("mean", DummyRegressor()),
        ("forest", RandomForestRegressor(n_estimators=2, max_depth=2, random_state=1)),
    ]


@case(since="0.21")
def equal():
    X, y = diabetes()
    model = VotingRegressor(members()).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def weights():
    X, y = diabetes(frame=True)
    model = VotingRegressor(members(), weights=[0.1, 0.7, 2]).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.21", "0.22", "0.24", "1.9"])
def dropped():
    X, y = diabetes()
    model = VotingRegressor(members(), weights=[0.1, 0.7, 2])
    model.set_params(mean="drop" if at_least("0.24") else None).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def many():
    X, y = diabetes()
    trees = [("t%d" % i, DecisionTreeRegressor(max_depth=2, max_features=2, random_state=i)) for i in range(10)]
    return VotingRegressor(trees, weights=[0.1 * i + 0.05 for i in range(10)]).fit(X, y), X[::5]


@case(versions=FEW)
def linear():
    X, y = diabetes()
    model = VotingRegressor([("line", LinearRegression())] + members()[:1]).fit(X, y)
    return model, edge_rows(model, X)
