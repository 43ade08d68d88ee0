import numpy
import pandas
from golden import case, edge_rows, penguins

X, _ = penguins("body_mass_g", count=30)
sex, island = X["sex"].fillna(""), X["island"]
X = pandas.DataFrame({"mass": X["bill_depth_mm"], "tags": island + "| " + sex + "|", "year": X["year"], "island": island})
X.loc[3, "tags"] = numpy.nan
gone = X[X.tags.notna()]
odd = ["Dream", "male | Biscoe\x1c", "||", "Dream|new", "new", "Dream Biscoe", "female|female", numpy.nan]
rows = pandas.concat([X.head(5), X.head(len(odd)).assign(tags=odd)], ignore_index=True)


def declare(name, data, asked, since="2.11", **options):
    def run():
        from category_encoders import MultiHotEncoder

        model = MultiHotEncoder(**options).fit(data)
        return model, edge_rows(model, asked, plain=len(asked))

    run.__name__ = name
    case(since=since)(run)


declare("items", X, rows)
declare("names", X, rows, use_cat_names=True, cols=["tags", "island"])
declare("missing_not_seen", gone, rows, cols=["tags"])
declare("indicators", X, rows, cols=["tags"], handle_unknown="indicator", handle_missing="indicator", use_cat_names=True)
declare("nan", X, rows, cols=["tags"], handle_unknown="return_nan", handle_missing="return_nan")
declare("ignored", X, rows, cols=["tags"], handle_missing="ignore")
declare("delimiter", X, rows, cols=["tags"], delimiter=" ")
declare("errors", gone, gone.head(6), cols=["tags"], handle_unknown="error", handle_missing="error")
declare("invariant_columns", X.assign(tags="all|" + X.tags.fillna("none")), rows, cols=["tags"], drop_invariant=True)


@case(since="2.11", refused=True)
def an_unknown_item():
    from category_encoders import MultiHotEncoder

    return MultiHotEncoder(cols=["tags"], handle_unknown="error").fit(gone), gone.head(2).assign(tags="Dream|new")


@case(since="2.11", unsupported=True)
def numbers():
    from category_encoders import MultiHotEncoder

    return MultiHotEncoder(cols=["year"]).fit(X), None
