from category_encoders import CatBoostEncoder, LeaveOneOutEncoder
from golden import case, edge_rows, penguins

X, y = penguins("body_mass_g", count=40)
X = X[["bill_depth_mm", "island", "sex", "year"]]
known = X.notna().all(axis=1)
COLUMNS = ["year", "sex", "island"]


def declare(name, model, rows, target, **options):
    def run():
        model.fit(rows, target)
        return model, edge_rows(model, rows if model.handle_missing == "error" else X)

    run.__name__ = name
    case(**options)(run)


for Encoder, name in [(LeaveOneOutEncoder, "leave_one_out"), (CatBoostEncoder, "cat_boost")]:
    declare(name, Encoder(), X, y)
    declare(name + "_columns", Encoder(cols=COLUMNS, sigma=0.1, random_state=1), X, y)
    declare(name + "_once", Encoder(cols=["bill_depth_mm", "island", "sex"]), X.assign(bill_depth_mm=X.bill_depth_mm.round()), y)
    declare(name + "_missing_not_seen", Encoder(cols=COLUMNS), X[known], y[known])
    declare(name + "_nan", Encoder(cols=COLUMNS, handle_unknown="return_nan", handle_missing="return_nan"), X, y)
    declare(name + "_errors", Encoder(cols=COLUMNS, handle_unknown="error", handle_missing="error"), X[known], y[known])

declare("cat_boost_weight", CatBoostEncoder(a=3.5), X, y, since="2.5")
declare("cat_boost_weight_of_any_version", CatBoostEncoder(a=3.5), X, y, until="2.4", unsupported=True)
