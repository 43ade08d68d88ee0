from golden import cancer, case, digits, edge_rows, iris, wine
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

FEW = ["0.20", "0.23", "1.2", "1.9"]
NO_TRANSFORM = ["predict", "predict_proba", "predict_log_proba", "decision_function"]


def rows_of(model, X, methods=None):
    """OpenBLAS has other code for the last one to three rows of a block, so there are as many as four goes into."""
    rows = edge_rows(model, X, methods)
    return rows[: len(rows) // 4 * 4]


@case()
def three_classes():
    X, y = iris()
    model = LinearDiscriminantAnalysis().fit(X, y)
    return model, rows_of(model, X)


@case(versions=FEW)
def two_classes():
    X, y = cancer()
    model = LinearDiscriminantAnalysis().fit(X, y.astype(str))
    return model, rows_of(model, X)


@case(versions=["1.2", "1.9"])
def two_classes_of_a_frame():
    X, y = cancer(frame=True)
    model = LinearDiscriminantAnalysis().fit(X, y > 0)
    return model, rows_of(model, X)


OLD_FRAME = "before 1.0 a model does not know that its rows were a data frame's, which BLAS adds by columns"


@case(
    versions=["0.20", "0.23"],
    tolerance={
        "predict_proba": (1e-14, OLD_FRAME),
        "predict_log_proba": (1e-14, OLD_FRAME),
        "decision_function": (1e-14, OLD_FRAME),
        "transform": (1e-14, OLD_FRAME),
    },
)
def two_classes_of_an_old_frame():
    X, y = cancer(frame=True)
    model = LinearDiscriminantAnalysis().fit(X, y > 0)
    return model, rows_of(model, X)


@case(versions=FEW)
def eigen_with_one_direction():
    X, y = wine()
    model = LinearDiscriminantAnalysis(solver="eigen", shrinkage=0.1, n_components=1, priors=[0.2, 0.3, 0.5]).fit(X, y)
    return model, rows_of(model, X)


@case(versions=FEW, methods=NO_TRANSFORM)
def lsqr():
    X, y = wine()
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto").fit(X, y)
    return model, rows_of(model, X, NO_TRANSFORM)


@case(versions=FEW)
def ten_classes():
    X, y = digits()
    X = X[:, 2:8].copy()
    model = LinearDiscriminantAnalysis().fit(X, y)
    return model, rows_of(model, X)


@case(versions=["1.9"], unsupported=True)
def directions_of_other_features():
    X, y = iris()
    model = LinearDiscriminantAnalysis().fit(X, y)
    model.scalings_ = model.scalings_[:3]
    return model, None
