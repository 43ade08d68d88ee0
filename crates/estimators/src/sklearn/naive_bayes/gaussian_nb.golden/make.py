from golden import cancer, case, digits, edge_rows, iris
from sklearn.naive_bayes import GaussianNB

FEW = ["0.21", "0.24", "1.0", "1.2", "1.6", "1.9"]


@case()
def three_classes():
    X, y = iris()
    model = GaussianNB().fit(X, y.astype(str))
    return model, edge_rows(model, X)


@case(versions=["0.22", "1.9"])
def two_classes_and_names():
    X, y = cancer(frame=True)
    model = GaussianNB(priors=[0.25, 0.75]).fit(X, y > 0)
    return model, edge_rows(model, X)


@case(versions=["0.22", "1.2", "1.9"])
def many_features_and_classes():
    X, y = digits()
    X = X[:, 2:14].copy()
    model = GaussianNB(var_smoothing=0.01).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.2", "1.9"])
def many_features_of_a_frame():
    import pandas

    X, y = digits()
    X = pandas.DataFrame(X[:, 2:14], columns=["pixel%d" % j for j in range(12)])
    model = GaussianNB(var_smoothing=0.01).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["1.9"], unsupported=True)
def variances_of_other_features():
    X, y = iris()
    model = GaussianNB().fit(X, y)
    model.var_ = model.var_[:, :3]
    return model, None
