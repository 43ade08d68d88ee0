from golden import at_least, case, digits, iris, wine
from sklearn.decomposition import NMF

BOTH = ["transform", "inverse_transform"]
WHY = "OpenBLAS adds the inner products of a single row in another order"
SUM = {method: (5e-14, WHY) for method in BOTH}
FEW = ["0.21", "0.23", "1.0", "1.1", "1.2", "1.9"]


def penalty(strength, **more):
    """The strength per column since 1.0."""
    return dict(alpha_W=strength / 4, **more) if at_least("1.0") else dict(alpha=strength, **more)


def edges(X):
    rows = X[:10].copy()
    rows[1, 0] = -0.0
    rows[2] = 0
    rows[3] = 1e6
    rows[4, 1] = 0
    return rows


@case(methods=BOTH, tolerance=SUM, one_by_one=True)
def coordinate_descent():
    X, _ = iris()
    return NMF(2, init="nndsvd", random_state=0).fit(X), edges(X)


@case(versions=FEW, methods=BOTH, tolerance=SUM, one_by_one=True)
def with_penalty():
    X, _ = iris()
    model = NMF(3, init="nndsvd", max_iter=50, random_state=0, l1_ratio=0.3, **penalty(0.5)).fit(X)
    return model, edges(X)


@case(versions=["1.0", "1.1"], methods=BOTH, tolerance=SUM, one_by_one=True)
def penalty_of_before():
    X, _ = iris()
    return NMF(3, init="nndsvd", random_state=0, alpha=0.5, l1_ratio=0.5, regularization="transformation").fit(X), edges(X)


@case(versions=["0.24", "1.1"], methods=BOTH, tolerance=SUM, one_by_one=True)
def penalty_on_components():
    X, _ = iris()
    return NMF(3, init="nndsvd", random_state=0, alpha=0.5, regularization="components").fit(X), edges(X)


@case(versions=["0.22", "1.9"], methods=BOTH, tolerance=SUM, one_by_one=True)
def many_columns():
    X, _ = digits()
    return NMF(5, init="nndsvd", random_state=0).fit(X[:, :20]), X[:8, :20]


@case(versions=FEW, methods=BOTH, tolerance=SUM, one_by_one=True)
def squares():
    X, _ = wine(frame=True)
    return NMF(3, init="nndsvda", solver="mu", random_state=0).fit(X), X[:8]


@case(versions=FEW, methods=BOTH, tolerance=SUM, one_by_one=True)
def kullback_leibler():
    X, _ = iris()
    model = NMF(2, init="random", solver="mu", beta_loss="kullback-leibler", random_state=0, **penalty(0.1, l1_ratio=0.5))
    return model.fit(X), edges(X)


@case(versions=["0.22", "1.2", "1.3", "1.9"], methods=BOTH, tolerance=SUM, one_by_one=True)
def itakura_saito():
    X, _ = iris()
    return NMF(2, init="random", solver="mu", beta_loss="itakura-saito", random_state=0).fit(X), X[:8]


@case(versions=["0.22", "1.2", "1.9"], methods=BOTH, tolerance=SUM, one_by_one=True)
def other_beta():
    X, _ = iris()
    return NMF(2, init="random", solver="mu", beta_loss=1.5, random_state=0).fit(X), X[:8]


@case(versions=["0.22", "1.9"], methods=BOTH, tolerance=SUM, one_by_one=True)
def large_beta():
    X, _ = iris()
    return NMF(2, init="random", solver="mu", beta_loss=2.5, tol=1e-2, random_state=0).fit(X), X[:8]


@case(versions=["1.9"], refused=True, methods=["transform"])
def negative():
    X, _ = iris()
    return NMF(2, random_state=0).fit(X), -X[:3]


@case(versions=["1.9"], unsupported=True)
def random_order():
    X, _ = iris()
    return NMF(2, shuffle=True, random_state=0).fit(X), None


if at_least("1.1"):
    from sklearn.decomposition import MiniBatchNMF

    @case(methods=BOTH, tolerance=SUM, one_by_one=True)
    def in_small_batches():
        X, _ = iris()
        return MiniBatchNMF(2, batch_size=20, random_state=0).fit(X), edges(X)[[0, 1, 3, 4, 5, 6]]

    @case(versions=["1.1", "1.2", "1.9"], methods=BOTH, tolerance=SUM, one_by_one=True)
    def in_small_batches_with_penalty():
        X, _ = iris()
        model = MiniBatchNMF(
            2, batch_size=20, beta_loss="kullback-leibler", transform_max_iter=30, alpha_W=0.01, l1_ratio=0.2, random_state=0
        )
        return model.fit(X), edges(X)[[0, 1, 3, 4, 5, 6]]
