from golden import at_least, case, iris, wine

if at_least("0.22"):
    from sklearn.neighbors import KNeighborsTransformer, RadiusNeighborsTransformer

ENDS = ["0.22", "1.1", "1.9"]


@case(since="0.22", methods=["transform", "kneighbors"])
def distances_to_few():
    X, _ = iris()
    return KNeighborsTransformer(n_neighbors=3).fit(X[:30]), X[20:32] + 0.05


@case(versions=ENDS)
def connected_to_few():
    X, _ = iris()
    return KNeighborsTransformer(n_neighbors=3, mode="connectivity", algorithm="ball_tree", leaf_size=4).fit(X[:30]), X[20:32] + 0.05


@case(versions=ENDS)
def few_by_brute_force():
    X, _ = wine()
    return KNeighborsTransformer(n_neighbors=3, algorithm="brute").fit(X[:30]), X[20:32] + 0.05


@case(since="0.22")
def distances_within():
    X, _ = iris()
    return RadiusNeighborsTransformer(radius=0.5, leaf_size=5).fit(X[:30]), X[20:32] + 0.05


@case(versions=ENDS)
def connected_within():
    X, _ = iris()
    model = RadiusNeighborsTransformer(radius=0.5, mode="connectivity", algorithm="ball_tree", leaf_size=4)
    return model.fit(X[:30]), X[20:32] + 0.05


@case(versions=ENDS)
def within_by_brute_force():
    X, _ = iris()
    return RadiusNeighborsTransformer(radius=0.5, algorithm="brute").fit(X[:30]), X[20:32] + 0.05


@case(versions=ENDS)
def within_by_brute_force_cosine():
    X, _ = iris()
    return RadiusNeighborsTransformer(radius=0.002, algorithm="brute", metric="cosine").fit(X[:30]), X[20:32] + 0.05
