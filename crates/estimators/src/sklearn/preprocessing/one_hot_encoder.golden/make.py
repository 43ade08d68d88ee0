import numpy
from golden import at_least, case, edge_rows, iris, penguins
from sklearn.preprocessing import OneHotEncoder

BOTH = ["transform", "inverse_transform"]
FEW = ["0.22", "1.0", "1.2", "1.9"]
DENSE = {"sparse_output": False} if at_least("1.2") else {"sparse": False}


def texts():
    X, _ = penguins()
    return X[["island", "sex"]].dropna().reset_index(drop=True)


def numbers():
    X, _ = iris()
    return numpy.round(X[:, :3])


@case(methods=BOTH)
def unknown_refused():
    X = texts()
    model = OneHotEncoder(categories="auto").fit(X)
    return model, edge_rows(model, X, methods=["transform"])


@case(methods=BOTH)
def unknown_ignored():
    X = texts()
    model = OneHotEncoder(handle_unknown="ignore", categories="auto", **DENSE).fit(X)
    return model, edge_rows(model, X, methods=["transform"])


@case(refused=True, versions=FEW)
def unknown_category():
    X = texts()
    rows = X.head(3).copy()
    rows.iloc[2, 0] = "Atlantis"
    return OneHotEncoder(categories="auto").fit(X), rows


@case(methods=BOTH, versions=FEW)
def numbers_as_categories():
    X = numbers()
    model = OneHotEncoder(handle_unknown="ignore", categories="auto").fit(X)
    rows = numpy.vstack([X[:4], [[4, 99, 2], [-0.0, 3, 1]]])
    return model, rows


@case(methods=["transform"], since="0.24", versions=["0.24", "1.0", "1.3", "1.9"])
def missing_is_a_category():
    X, _ = penguins(count=60)
    X = X[["sex", "bill_depth_mm"]].copy()
    X["bill_depth_mm"] = X["bill_depth_mm"].round(-1)
    X.iloc[::7, 0] = None
    X.iloc[::7, 0] = float("nan")
    X.iloc[::5, 1] = float("nan")
    model = OneHotEncoder().fit(X)
    return model, X.head(16)


@case(methods=BOTH, since="0.22", versions=FEW)
def drop_first():
    X = texts()
    model = OneHotEncoder(drop="first").fit(X)
    return model, X.head(6)


@case(methods=BOTH, since="0.23", versions=["0.23", "1.0", "1.1", "1.2", "1.9"])
def drop_if_binary():
    X = texts()
    model = OneHotEncoder(drop="if_binary").fit(X)
    return model, X.head(6)


@case(methods=BOTH, since="1.0", versions=["1.0", "1.1", "1.3", "1.9"])
def drop_named_and_ignore():
    X = texts()
    model = OneHotEncoder(drop=["Dream", "MALE" if "MALE" in set(X["sex"]) else sorted(set(X["sex"]))[-1]], handle_unknown="ignore")
    return model.fit(X), edge_rows(model, X, methods=["transform"], plain=4)


@case(methods=BOTH, since="1.1", versions=["1.1", "1.2", "1.3", "1.5", "1.9"])
def infrequent():
    X = numbers()
    model = OneHotEncoder(min_frequency=6, handle_unknown="infrequent_if_exist").fit(X)
    return model, numpy.vstack([X[::6], [[4, 99, 2], [99, 3, 1]]])


@case(methods=BOTH, since="1.1", versions=["1.1", "1.2", "1.3", "1.9"])
def infrequent_dropped():
    X = numbers()
    model = OneHotEncoder(max_categories=3, drop="first", handle_unknown="infrequent_if_exist", **DENSE).fit(X)
    return model, numpy.vstack([X[::6], [[4, 99, 2], [99, 3, 1]]])


@case(methods=["transform"], since="1.1", versions=["1.1", "1.9"])
def infrequent_and_ignore():
    X = numbers()
    model = OneHotEncoder(min_frequency=6, handle_unknown="ignore").fit(X)
    return model, numpy.vstack([X[::6], [[4, 99, 2], [99, 3, 1]]])


@case(methods=["transform"], since="1.6", versions=["1.6", "1.9"])
def warn():
    X = numbers()
    model = OneHotEncoder(min_frequency=6, handle_unknown="warn").fit(X)
    return model, numpy.vstack([X[::6], [[4, 99, 2]]])


@case(methods=BOTH, versions=FEW)
def booleans_and_integers():
    X, _ = penguins(count=30)
    X = X.assign(heavy=X["year"] > 2008)[["heavy", "year"]]
    model = OneHotEncoder(categories="auto", dtype=numpy.float32).fit(X)
    return model, X.head(8)


@case(methods=["transform"], versions=FEW)
def given_categories():
    X = texts()
    categories = [["Torgersen", "Biscoe", "Atlantis", "Dream"], sorted(set(X["sex"]), reverse=True)]
    model = OneHotEncoder(categories=categories, dtype=int).fit(X)
    return model, X.head(6)


def whole_numbers():
    X = numbers()[::4]
    rows = X[:8].copy()
    rows[1, 0] = 0.0  # below n_values, and not seen
    rows[2, 1] = 2.75
    rows[3, 2] = -0.5
    return X, rows


@case(until="0.21", methods=BOTH)
def old_mode():
    X, rows = whole_numbers()
    return OneHotEncoder().fit(X), rows


@case(until="0.21", methods=["transform"])
def old_mode_with_n_values():
    X, rows = whole_numbers()
    rows[4, 2] = 99
    return OneHotEncoder(n_values=[9, 6, 8], handle_unknown="ignore", dtype="float32").fit(X), rows


@case(until="0.21", methods=["transform"])
def old_mode_of_some_columns():
    X, rows = whole_numbers()
    rows[1, 1] = -7.25
    return OneHotEncoder(categorical_features=[2, 0], sparse=False).fit(X), rows


@case(until="0.21", methods=["transform"])
def old_mode_of_a_mask():
    X, rows = whole_numbers()
    return OneHotEncoder(categorical_features=[True, False, True], handle_unknown="ignore").fit(X), rows


@case(versions=["0.20"], refused=True, methods=["transform"])
def old_mode_unknown():
    X, rows = whole_numbers()
    return OneHotEncoder().fit(X), rows + 4
