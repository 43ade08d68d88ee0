from golden import cancer, case, digits, edge_rows, iris, wine
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis

FEW = ["0.20", "0.23", "1.2", "1.6", "1.9"]


def rows_of(model, X):
    """OpenBLAS has other code for the last one to three rows of a block, so there are as many as four goes into."""
    rows = edge_rows(model, X)
    return rows[: len(rows) // 4 * 4]


@case()
def three_classes():
    X, y = iris()
    model = QuadraticDiscriminantAnalysis().fit(X, y)
    return model, rows_of(model, X)


@case(versions=FEW)
def two_classes():
    X, y = cancer()
    model = QuadraticDiscriminantAnalysis(reg_param=0.05, priors=[0.3, 0.7]).fit(X, y.astype(str))
    return model, rows_of(model, X)


@case(versions=FEW)
def two_classes_of_a_frame():
    X, y = cancer(frame=True)
    model = QuadraticDiscriminantAnalysis(store_covariance=True, reg_param=0.01).fit(X, y > 0)
    return model, rows_of(model, X)


@case(versions=FEW)
def one_feature():
    X, y = wine()
    model = QuadraticDiscriminantAnalysis().fit(X[:, 1:2], y)
    return model, rows_of(model, X[:, 1:2])


@case(versions=FEW)
def nine_features():
    X, y = digits()
    X = X[:, 2:11].copy()
    model = QuadraticDiscriminantAnalysis(reg_param=0.2).fit(X, y % 3)
    return model, rows_of(model, X)


@case(since="1.8")
def eigen():
    X, y = iris()
    model = QuadraticDiscriminantAnalysis(solver="eigen", shrinkage="auto").fit(X, y)
    return model, rows_of(model, X)


@case(versions=["1.9"], unsupported=True)
def means_of_other_classes():
    X, y = iris()
    model = QuadraticDiscriminantAnalysis().fit(X, y)
    model.means_ = model.means_[:2]
    return model, None
