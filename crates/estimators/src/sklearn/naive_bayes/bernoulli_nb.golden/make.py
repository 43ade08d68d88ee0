from golden import cancer, case, digits, edge_rows
from sklearn.naive_bayes import BernoulliNB



@case(versions=["0.21", "1.2", "1.9"])
def ten_classes():
    X, y = digits()
    X = X[:, 18:26].copy()
    model = BernoulliNB(binarize=8.0).fit(X, y)
    return model, edge_rows(model, X)


@case()
def two_classes():
    X, y = cancer()
    model = BernoulliNB(binarize=15.0).fit(X, y > 0)
    return model, edge_rows(model, X)


@case(versions=["0.22", "1.9"])
def not_binarized():
    X, y = digits()
    X = (X[:, 18:26] > 8).astype(float)
    model = BernoulliNB(binarize=None).fit(X, y)
    return model, X[:10]


@case(versions=["1.9"], unsupported=True)
def threshold_that_is_no_number():
    X, y = cancer()
    model = BernoulliNB().fit(X, y)
    model.binarize = "mean"
    return model, None
