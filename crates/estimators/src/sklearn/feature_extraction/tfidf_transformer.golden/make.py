from golden import case, digits
from sklearn.feature_extraction.text import TfidfTransformer


def counts():
    X, _ = digits()
    return X[:, 8:24]


@case()
def counted():
    return TfidfTransformer().fit(counts()), counts()[:12]


@case(versions=["0.22", "1.4", "1.9"])
def sublinear_l1():
    return TfidfTransformer(norm="l1", sublinear_tf=True).fit(counts()), counts()[:12]


@case(versions=["0.22", "1.9"])
def without_idf():
    return TfidfTransformer(use_idf=False).fit(counts()), counts()[:12]


@case(refused=True, versions=["0.22", "1.9"])
def missing():
    rows = counts()[:3].copy()
    rows[1, 1] = float("nan")
    return TfidfTransformer().fit(counts()), rows
