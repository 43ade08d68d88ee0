from golden import case, wine
from sklearn.kernel_approximation import SkewedChi2Sampler


@case()
def seven_components():
    X, _ = wine()
    rows = X[:10].copy()
    rows[1, 0] = -0.0
    rows[2, 1] = -0.009
    rows[3] = 1e300
    return SkewedChi2Sampler(skewedness=0.01, n_components=7, random_state=0).fit(X), rows


@case(versions=["0.22", "1.0", "1.9"])
def skewed():
    X, _ = wine(frame=True)
    return SkewedChi2Sampler(skewedness=2.5, n_components=4, random_state=0).fit(X), X[:8]


@case(versions=["0.22", "1.9"], refused=True)
def too_small():
    X, _ = wine()
    model = SkewedChi2Sampler(skewedness=0.5, n_components=3, random_state=0).fit(X)
    X[1, 1] = -0.5
    return model, X[:3]
