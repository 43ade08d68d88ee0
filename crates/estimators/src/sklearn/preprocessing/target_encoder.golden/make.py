from golden import at_least, case, edge_rows, penguins

if at_least("1.3"):
    from sklearn.preprocessing import TargetEncoder

FEW = ["1.3", "1.4", "1.9"]


@case(since="1.3")
def continuous():
    X, y = penguins(target="body_mass_g", count=60)
    X = X[["island", "sex", "year"]]
    model = TargetEncoder(target_type="continuous").fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def binary():
    X, y = penguins(target="sex", count=60)
    X = X[["island", "year"]]
    model = TargetEncoder(smooth=3.0).fit(X, y)
    return model, edge_rows(model, X)


@case(since="1.4", versions=["1.4", "1.6", "1.9"])
def multiclass():
    X, y = penguins(count=60)
    X = X[["island", "sex"]]
    model = TargetEncoder().fit(X, y)
    return model, edge_rows(model, X)
