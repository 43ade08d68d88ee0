from golden import case, edge_rows, iris
from sklearn.ensemble import RandomTreesEmbedding


@case()
def sparse():
    X, _ = iris()
    model = RandomTreesEmbedding(n_estimators=3, max_depth=2, random_state=0).fit(X)
    return model, edge_rows(model, X)


@case(versions=["1.2.2"])
def dense():
    X, _ = iris()
    model = RandomTreesEmbedding(n_estimators=3, max_depth=2, sparse_output=False, random_state=0).fit(X)
    return model, edge_rows(model, X)
