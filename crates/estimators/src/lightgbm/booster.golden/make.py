import lightgbm
from golden import cancer, case, diabetes, edge_rows, iris, penguins

SMALL = dict(num_leaves=4, min_data_in_leaf=5, verbose=-1, num_threads=1, seed=0)


def trained(X, y, rounds=2, **options):
    return lightgbm.train({**SMALL, **options}, lightgbm.Dataset(X, y), num_boost_round=rounds)


@case(dump="native:txt", methods=["predict"])
def regression():
    X, y = diabetes()
    model = trained(X, y)
    return model, edge_rows(model, X, methods=["predict"])


@case(versions=["4.7.0"], dump="native:txt", methods=["predict"])
def binary():
    X, y = cancer()
    model = trained(X, y, objective="binary")
    return model, edge_rows(model, X, methods=["predict"])


@case(versions=["4.7.0"], dump="native:txt", methods=["predict"])
def multiclass():
    X, y = iris()
    model = trained(X, y, objective="multiclass", num_class=3)
    return model, edge_rows(model, X, methods=["predict"])


@case(methods=["predict"])
def pickled():
    X, y = diabetes()
    model = trained(X, y, objective="poisson")
    return model, edge_rows(model, X, methods=["predict"])


@case(dump="native:txt", methods=["predict"])
def categories_of_a_frame():
    table, y = penguins("body_mass_g")
    X = table[["island", "bill_length_mm", "sex"]].copy()
    for name in ["island", "sex"]:
        X[name] = X[name].astype("category")
    model = trained(X, y, min_data_per_group=5, cat_smooth=1)
    return model, X.iloc[::20].reset_index(drop=True)
