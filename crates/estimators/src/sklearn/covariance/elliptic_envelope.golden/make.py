from golden import case, diabetes, edge_rows, iris, wine
from sklearn.covariance import EllipticEnvelope

METHODS = ["predict", "decision_function", "score_samples"]


@case(methods=METHODS)
def flowers():
    X, _ = iris()
    model = EllipticEnvelope(random_state=0).fit(X)
    return model, edge_rows(model, X, METHODS)


@case(versions=["0.22", "1.2", "1.9"], methods=METHODS)
def much_contamination_of_a_frame():
    X, _ = wine(frame=True)
    model = EllipticEnvelope(random_state=0, contamination=0.3, support_fraction=0.9).fit(X)
    return model, edge_rows(model, X, METHODS)


@case(versions=["0.22", "1.2", "1.9"], methods=METHODS)
def assumed_to_be_centred():
    X, _ = diabetes()
    model = EllipticEnvelope(random_state=0, assume_centered=True).fit(X)
    return model, edge_rows(model, X, METHODS)


@case(versions=["1.9"], unsupported=True)
def without_precision():
    X, _ = iris()
    return EllipticEnvelope(random_state=0, store_precision=False).fit(X), None
