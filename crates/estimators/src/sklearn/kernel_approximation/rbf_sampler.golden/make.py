from golden import case, documents, edge_rows, wine
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.kernel_approximation import RBFSampler
from sklearn.pipeline import make_pipeline


@case()
def ten_components():
    X, _ = wine()
    return RBFSampler(gamma=0.02, n_components=7, random_state=0).fit(X), X[:10]


@case(versions=["0.22", "1.1", "1.2", "1.9"])
def edges():
    X, _ = wine(frame=True)
    model = RBFSampler(gamma=0.5, n_components=3, random_state=0).fit(X)
    rows = edge_rows(model, X)
    return model, rows.iloc[: len(rows) // 2 * 2]


@case(since="1.2", versions=["1.2", "1.9"])
def gamma_by_scale():
    X, _ = wine()
    return RBFSampler(gamma="scale", n_components=5, random_state=0).fit(X), X[:8]


@case(versions=["0.22", "1.9"])
def words():
    lines = documents()
    return make_pipeline(TfidfVectorizer(max_features=12), RBFSampler(n_components=5, random_state=0)).fit(lines), lines[:8]


@case(versions=["1.9"], refused=True)
def missing():
    X, _ = wine()
    model = RBFSampler(n_components=3, random_state=0).fit(X)
    X[1, 1] = float("nan")
    return model, X[:3]
