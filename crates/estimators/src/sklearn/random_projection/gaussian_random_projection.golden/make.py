from golden import case, digits, documents, wine
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.random_projection import GaussianRandomProjection, SparseRandomProjection

LAPACK = "LAPACK computes the pseudo-inverse on another way"
FEW = ["0.20", "0.22", "1.0", "1.1", "1.5", "1.9"]
BOTH = ["transform", "inverse_transform"]


@case()
def gaussian():
    X, _ = wine()
    rows = X[:10].copy()
    rows[1, 0] = -0.0
    rows[2] = 1e6
    rows[3, 1] = 1e300
    return GaussianRandomProjection(n_components=3, random_state=0).fit(X), rows


@case()
def sparse():
    X, _ = digits()
    return SparseRandomProjection(n_components=6, random_state=0).fit(X[:, :30]), X[:8, :30]


@case(versions=["1.1", "1.9"], methods=BOTH, tolerance={"inverse_transform": (1e-13, LAPACK)})
def gaussian_inverse():
    X, _ = wine()
    return GaussianRandomProjection(n_components=3, random_state=0).fit(X), X[:8]


@case(versions=["1.1", "1.9"], methods=BOTH, tolerance={"inverse_transform": (1e-13, LAPACK)})
def sparse_inverse():
    X, _ = wine()
    return SparseRandomProjection(n_components=4, density=0.7, random_state=1).fit(X), X[:8]


@case(versions=["1.1", "1.9"], methods=BOTH)
def inverse_stored():
    X, _ = digits()
    model = SparseRandomProjection(n_components=5, density=0.3, compute_inverse_components=True, random_state=0)
    return model.fit(X[:, :20]), X[:8, :20]


@case(versions=["1.1", "1.9"], methods=BOTH)
def gaussian_inverse_stored():
    X, _ = wine()
    return GaussianRandomProjection(n_components=4, compute_inverse_components=True, random_state=0).fit(X), X[:8]


@case(versions=FEW)
def every_feature_in_every_direction():
    X, _ = wine(frame=True)
    return SparseRandomProjection(n_components=3, density=1, random_state=0).fit(X), X[:8]


@case(versions=FEW)
def words():
    lines = documents()
    counts = CountVectorizer(max_features=20)
    return make_pipeline(counts, SparseRandomProjection(n_components=4, random_state=0)).fit(lines), lines[:8]


@case(versions=["0.22", "1.9"])
def words_written_out():
    lines = documents()
    counts = CountVectorizer(max_features=20)
    project = SparseRandomProjection(n_components=4, density=0.4, dense_output=True, random_state=0)
    return make_pipeline(counts, project).fit(lines), lines[:8]


@case(versions=["0.22", "1.9"])
def words_gaussian():
    lines = documents()
    counts = CountVectorizer(max_features=20)
    return make_pipeline(counts, GaussianRandomProjection(n_components=4, random_state=0)).fit(lines), lines[:8]


@case(versions=["1.9"])
def one_hot():
    X, _ = wine()
    return make_pipeline(
        OneHotEncoder(handle_unknown="ignore"), SparseRandomProjection(n_components=4, random_state=0)
    ).fit(X[:, :1].round()), X[:8, :1].round()


@case(versions=["1.9"], unsupported=True)
def inverse_of_other_features():
    X, _ = wine()
    model = GaussianRandomProjection(n_components=4, compute_inverse_components=True, random_state=0).fit(X)
    model.inverse_components_ = model.inverse_components_[:3]
    return model, None
