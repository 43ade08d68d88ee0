from category_encoders import HashingEncoder
from golden import case, edge_rows, penguins

X, _ = penguins("body_mass_g", count=30)
X = X[["bill_depth_mm", "island", "sex", "year"]]


@case(since="2.6")
def texts():
    model = HashingEncoder(max_process=1).fit(X)
    return model, edge_rows(model, X)


@case()
def three_columns():
    model = HashingEncoder(max_process=1, cols=["sex"], n_components=3).fit(X[["year", "sex"]])
    return model, edge_rows(model, X[["year", "sex"]])


@case(since="2.6")
def invariant_columns():
    model = HashingEncoder(max_process=1, drop_invariant=True, n_components=6).fit(X)
    return model, edge_rows(model, X)


@case(since="2.11", unsupported=True)
def numbers():
    return HashingEncoder(max_process=1, cols=["year"]).fit(X), None


@case(unsupported=True)
def another_hash():
    return HashingEncoder(max_process=1, hash_method="sha1").fit(X), None
