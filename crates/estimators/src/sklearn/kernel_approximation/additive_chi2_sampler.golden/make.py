from golden import case, digits, documents, wine
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.kernel_approximation import AdditiveChi2Sampler
from sklearn.pipeline import make_pipeline

FEW = ["0.20", "0.23", "1.2", "1.3", "1.4", "1.5", "1.9"]


@case()
def two_steps():
    X, _ = wine()
    rows = X[:10].copy()
    rows[1, 0] = -0.0
    rows[2, 1] = 0.0
    rows[3] = 1e300
    rows[4, 1] = 5e-324
    return AdditiveChi2Sampler().fit(X), rows


@case(versions=FEW)
def one_step():
    X, _ = digits()
    return AdditiveChi2Sampler(sample_steps=1).fit(X[:, :10]), X[:6, :10]


@case(versions=FEW)
def three_steps():
    X, _ = wine(frame=True)
    return AdditiveChi2Sampler(sample_steps=3).fit(X), X[:6]


@case(versions=FEW)
def own_interval():
    X, _ = wine()
    return AdditiveChi2Sampler(sample_steps=5, sample_interval=0.3).fit(X[:, :3]), X[:6, :3]


@case(versions=["0.22", "1.9"])
def words():
    lines = documents()
    counts = CountVectorizer(max_features=8, dtype="float64")
    return make_pipeline(counts, AdditiveChi2Sampler(sample_steps=3)).fit(lines), lines[:8]


@case(versions=["0.22", "1.9"], refused=True)
def negative():
    X, _ = wine()
    model = AdditiveChi2Sampler().fit(X)
    X[1, 1] = -0.5
    return model, X[:3]
