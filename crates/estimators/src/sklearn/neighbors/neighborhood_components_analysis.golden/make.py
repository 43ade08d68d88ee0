from golden import at_least, case, digits, iris, wine

if at_least("0.21"):
    from sklearn.neighbors import NeighborhoodComponentsAnalysis

FEW = ["0.21", "1.0", "1.9"]


@case(since="0.21")
def all_components():
    X, y = iris()
    return NeighborhoodComponentsAnalysis(random_state=0, max_iter=3).fit(X, y), X[:12]


@case(versions=FEW)
def two_components():
    X, y = wine()
    return NeighborhoodComponentsAnalysis(n_components=2, random_state=0, max_iter=3).fit(X, y), X[:12]


@case(versions=FEW)
def one_component():
    X, y = wine()
    return NeighborhoodComponentsAnalysis(n_components=1, random_state=0, max_iter=3).fit(X, y), X[:12]


@case(versions=FEW)
def of_64_columns():
    X, y = digits()
    return NeighborhoodComponentsAnalysis(n_components=3, init="random", random_state=0, max_iter=3).fit(X, y), X[:8]
