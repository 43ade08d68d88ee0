import category_encoders
from golden import case, edge_rows, penguins
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline

X, y = penguins("body_mass_g", count=40)
X = X[["bill_depth_mm", "island", "sex", "year"]]
X = X[X.bill_depth_mm.notna()]
y = y[X.index]
binary = (y > 4200).astype(int)
known = X.notna().all(axis=1)

COLUMNS = ["year", "sex", "island"]
NAN = dict(handle_unknown="return_nan", handle_missing="return_nan")
ERRORS = dict(handle_unknown="error", handle_missing="error")
INDICATORS = dict(handle_unknown="indicator", handle_missing="indicator")
NEWEST = dict(since="2.11")


def declare(name, encoder, target=y, data=None, where=None, **options):
    Encoder = getattr(category_encoders, encoder, None)
    if Encoder is None:
        return

    def run():
        rows = X if where is None else X[where]
        model = Encoder(**options).fit(rows, target if where is None else target[where])
        return model, edge_rows(model, rows if model.handle_missing == "error" else X)

    run.__name__ = name
    case(**(data or {}))(run)


TARGETS = [
    ("target", "TargetEncoder", y),
    ("m_estimate", "MEstimateEncoder", y),
    ("james_stein", "JamesSteinEncoder", y),
    ("quantile", "QuantileEncoder", y),
    ("summary", "SummaryEncoder", y),
    ("weight_of_evidence", "WOEEncoder", binary),
    ("glmm", "GLMMEncoder", y),
    ("count_target", "CountTargetEncoder", binary),
]
WIDE = [
    ("one_hot", "OneHotEncoder"),
    ("binary", "BinaryEncoder"),
    ("base_n", "BaseNEncoder"),
    ("gray", "GrayEncoder"),
    ("rank_hot", "RankHotEncoder"),
    ("backward_difference", "BackwardDifferenceEncoder"),
    ("helmert", "HelmertEncoder"),
    ("polynomial", "PolynomialEncoder"),
    ("sum", "SumEncoder"),
]

for name, encoder, target in TARGETS:
    declare(name, encoder, target)
    declare(name + "_columns", encoder, target, NEWEST, cols=COLUMNS)
    declare(name + "_nan", encoder, target, None if name == "target" else NEWEST, **NAN)
    declare(name + "_errors", encoder, target, NEWEST, where=known, **ERRORS)
    declare(name + "_missing_not_seen", encoder, target, NEWEST, where=known)

for name, encoder in WIDE:
    declare(name, encoder)
    declare(name + "_columns", encoder, data=NEWEST, cols=COLUMNS)
    declare(name + "_nan", encoder, **NAN)
    declare(name + "_nan_not_seen", encoder, data=NEWEST, where=known, **NAN)
    declare(name + "_errors", encoder, data=NEWEST, where=known, **ERRORS)
    declare(name + "_missing_not_seen", encoder, data=NEWEST, where=known)
    if name not in ("rank_hot", "gray"):
        declare(name + "_indicators", encoder, **INDICATORS)

declare("one_hot_names", "OneHotEncoder", use_cat_names=True)
declare("one_hot_ignored", "OneHotEncoder", data=dict(since="2.6"), handle_missing="ignore")
declare("base_3", "BaseNEncoder", base=3, cols=COLUMNS)
declare("base_1", "BaseNEncoder", base=1, cols=COLUMNS)
declare("target_smoothing", "TargetEncoder", smoothing=2.5, min_samples_leaf=3)
declare("count_target_classes", "CountTargetEncoder", target=(y // 1000).astype(int))
declare("sum_invariant", "SumEncoder", data=dict(since="2.6"), drop_invariant=True)
declare("target_rare", "TargetEncoder", data=NEWEST, cols=COLUMNS, min_group_size=16)


def back(name, encoder, rows=X, **options):
    def run():
        model = getattr(category_encoders, encoder)(**options).fit(rows)
        # A column of integers has no way back for what is unknown.
        return model, rows.head(8) if "of_integers" in name else edge_rows(model, rows)

    run.__name__ = name
    case(methods=["transform", "inverse_transform"])(run)


for name, encoder in [("one_hot", "OneHotEncoder"), ("binary", "BinaryEncoder"), ("base_n", "BaseNEncoder")]:
    back(name + "_and_back", encoder)
    numbers = X[["year", "bill_depth_mm", "sex"]].astype({"year": "float64"})
    back(name + "_of_numbers_and_back", encoder, numbers, cols=["year", "bill_depth_mm", "sex"])
    back(name + "_of_integers_and_back", encoder, numbers[["year"]].astype("int64"), cols=["year"], handle_unknown="error")
back("base_3_and_back", "BaseNEncoder", base=3)
back("base_1_and_back", "BaseNEncoder", base=1)


@case()
def pipeline():
    rows = X[["island", "sex", "year"]]
    steps = category_encoders.TargetEncoder(cols=["sex"]), category_encoders.OrdinalEncoder(cols=["island"])
    model = make_pipeline(*steps, LinearRegression()).fit(rows, y)
    return model, edge_rows(model, rows)


@case(since="2.11", unsupported=True)
def joined_columns():
    return category_encoders.TargetEncoder(composite_cols=[("island", "sex")]).fit(X, y), None
