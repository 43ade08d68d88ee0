from golden import case, linnerud, wine
from sklearn.cross_decomposition import PLSSVD


@case()
def two_components():
    X, y = linnerud()
    return PLSSVD(n_components=2).fit(X, y), X[:10]


@case(versions=["0.23", "1.0", "1.9"])
def not_scaled():
    X, _ = wine(frame=True)
    rows = X.iloc[:10, :4].copy()
    rows.iloc[1, 0] = -0.0
    rows.iloc[2, 1] = 1e300
    return PLSSVD(n_components=2, scale=False).fit(X.iloc[:, :4], X.iloc[:, 4:]), rows
