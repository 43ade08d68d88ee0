import numpy
import pandas
from golden import case, edge_rows, iris, penguins
from sklearn.impute import SimpleImputer

FEW = ["0.20", "0.22", "1.2", "1.9"]
BOTH = ["transform", "inverse_transform"]


def gaps():
    X, _ = penguins(count=40)
    X = X[["bill_length_mm", "body_mass_g", "year"]].astype(float)
    X.iloc[::4, 0] = numpy.nan
    X.iloc[1::6, 1] = numpy.nan
    return X


def texts():
    X, _ = penguins(count=40)
    X = X[["island", "sex"]].astype(object)
    X.iloc[::4, 0] = numpy.nan
    X.iloc[1::6, 1] = numpy.nan
    return X


def numbers(strategy):
    X = gaps()
    model = SimpleImputer(strategy=strategy).fit(X)
    return model, edge_rows(model, X)


@case(versions=FEW)
def mean():
    return numbers("mean")


@case(versions=["0.22", "1.9"])
def median():
    return numbers("median")


@case(versions=FEW)
def most_frequent():
    return numbers("most_frequent")


@case(versions=FEW)
def most_frequent_text():
    return SimpleImputer(strategy="most_frequent").fit(texts()), texts().head(10)


@case(versions=FEW)
def constant_text():
    return SimpleImputer(strategy="constant", fill_value="nowhere").fit(texts()), texts().head(10)


@case()
def constant_number_and_an_empty_column():
    X = gaps()
    X["body_mass_g"] = numpy.nan
    return SimpleImputer(strategy="constant", fill_value=-1.5).fit(X), X.head(8)


@case(versions=FEW)
def an_empty_column_is_left_out():
    X = gaps()
    X["body_mass_g"] = numpy.nan
    rows = X.head(8).copy()
    rows.iloc[2, 1] = 4000
    return SimpleImputer().fit(X), rows


@case(since="1.2", versions=["1.2", "1.9"])
def an_empty_column_is_kept():
    X = gaps()
    X["body_mass_g"] = numpy.nan
    rows = X.head(8).copy()
    rows.iloc[2, 1] = 4000
    return SimpleImputer(strategy="median", keep_empty_features=True).fit(X), rows


@case(methods=BOTH, since="0.24", versions=["0.24", "1.2", "1.9"])
def indicator():
    X = gaps()
    return SimpleImputer(add_indicator=True).fit(X), X.head(10)


@case(versions=["0.21", "0.22", "1.9"])
def indicator_of_texts():
    return SimpleImputer(strategy="most_frequent", add_indicator=True).fit(texts()), texts().head(10)


@case(versions=FEW)
def zero_is_missing():
    X, _ = iris()
    X = numpy.round(X)
    return SimpleImputer(missing_values=0, strategy="mean").fit(X), X[::5]


@case(versions=["0.22", "1.9"])
def a_text_is_missing():
    X = texts().fillna("?")
    return SimpleImputer(missing_values="?", strategy="most_frequent").fit(X), X.head(8)


@case(since="1.1", versions=["1.1", "1.9"])
def pandas_na_is_missing():
    X = texts().where(texts().notna(), pandas.NA)
    return SimpleImputer(missing_values=pandas.NA, strategy="most_frequent").fit(X), texts().head(8)


@case(refused=True, versions=["0.22", "1.9"])
def missing_is_not_what_is_missing():
    X, _ = iris()
    rows = X[:2].copy()
    rows[1, 1] = numpy.nan
    return SimpleImputer(missing_values=0).fit(X), rows
