from category_encoders import CatBoostEncoder, LeaveOneOutEncoder, TargetEncoder
from category_encoders.wrapper import NestedCVWrapper, PolynomialWrapper
from golden import case, edge_rows, penguins

X, mass = penguins("body_mass_g", count=40)
X = X[["bill_depth_mm", "island", "sex", "year"]]
X = X[X.bill_depth_mm.notna()]
mass = mass[X.index]
X = X.reset_index(drop=True)
classes = (mass // 1000).astype(int).astype(str)
binary = (mass > 4200).astype(int)


@case()
def an_encoder_for_each_class():
    model = PolynomialWrapper(TargetEncoder())
    model.fit(X, classes)
    return model, edge_rows(model, X)


@case()
def columns_in_their_own_order():
    model = PolynomialWrapper(CatBoostEncoder(cols=["year", "sex"], handle_unknown="return_nan"))
    rows = X[["bill_depth_mm", "sex", "year"]]
    model.fit(rows, classes)
    return model, edge_rows(model, rows)


@case()
def of_folds():
    model = NestedCVWrapper(LeaveOneOutEncoder(cols=["sex", "island"]), cv=3, random_state=0)
    model.fit(X, binary)
    return model, edge_rows(model, X)
