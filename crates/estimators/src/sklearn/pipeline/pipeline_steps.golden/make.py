import numpy
from golden import at_least, case, edge_rows, iris, penguins
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import FeatureUnion, Pipeline
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)

DENSE = {"sparse_output": False} if at_least("1.2") else {"sparse": False}
PASS = "passthrough" if at_least("0.21") else None
SUM = {"predict": (1e-14, "BLAS adds the products in an order and with fused steps that depend on the processor")}
BOTH = ["transform", "inverse_transform"]
FEW = ["0.22", "1.2", "1.9"]


@case(tolerance=SUM, versions=["0.20", "0.22", "0.24", "1.2", "1.9"])
def scaled_regression():
    X, y = iris(frame=True)
    model = Pipeline([("nothing", PASS), ("scale", StandardScaler()), ("fit", LinearRegression())], memory=None).fit(X, y)
    return model, edge_rows(model, X)


@case(methods=BOTH, versions=FEW)
def passthrough_last():
    X, _ = iris()
    model = Pipeline([("robust", RobustScaler()), ("range", MinMaxScaler()), ("nothing", PASS)]).fit(X)
    return model, edge_rows(model, X)


@case(versions=FEW)
def sparse_rows_are_scaled():
    X, _ = penguins(count=40)
    X = X[["island", "year"]].copy()
    encode = OneHotEncoder(categories="auto")
    scale = Pipeline([("deviation", StandardScaler(with_mean=False)), ("range", MaxAbsScaler()), ("iqr", RobustScaler(with_centering=False))])
    model = Pipeline([("encode", encode), ("scale", scale)]).fit(X)
    return model, X.head(8)


@case()
def single_precision():
    X, _ = penguins(count=40)
    X = X[["island", "year"]].copy()
    encode = OrdinalEncoder(dtype=numpy.float32)
    model = Pipeline([("encode", encode), ("scale", StandardScaler()), ("robust", RobustScaler()), ("range", MinMaxScaler((0.1, 0.7)))])
    return model.fit(X), X.head(8)


@case(versions=FEW)
def single_precision_sparse():
    X, _ = penguins(count=40)
    encode = OneHotEncoder(dtype=numpy.float32, categories="auto")
    model = Pipeline([("encode", encode), ("scale", StandardScaler(with_mean=False)), ("range", MaxAbsScaler())])
    return model.fit(X[["island", "year"]]), X[["island", "year"]].head(8)


@case(versions=["0.24", "1.2", "1.9"])
def numbers_and_texts_in_one_imputer():
    X, _ = penguins(count=40)
    X = X[["island", "year", "sex"]].astype(object)
    X.iloc[::4, 0] = numpy.nan
    X.iloc[1::5, 1] = numpy.nan
    impute = SimpleImputer(strategy="most_frequent")
    model = Pipeline([("impute", impute), ("encode", OneHotEncoder(handle_unknown="ignore", **DENSE))]).fit(X)
    return model, X.head(12)


@case(versions=["0.24", "1.9"])
def constant_before_numbers():
    X, _ = penguins(count=40)
    X = X[["year", "body_mass_g"]].astype(object)
    X.iloc[1::5, 1] = numpy.nan
    model = Pipeline([("impute", SimpleImputer(strategy="constant", fill_value=0)), ("scale", StandardScaler())]).fit(X)
    return model, X.head(12).astype(float)


@case(versions=FEW)
def passthrough_of_texts_to_an_encoder():
    X, _ = penguins(count=40)
    X = X[["island", "year"]]
    choose = ColumnTransformer([("same", "passthrough", ["island"])], remainder="drop")
    model = Pipeline([("choose", choose), ("encode", OneHotEncoder(categories="auto"))]).fit(X)
    return model, X.head(8)


@case(versions=["0.21", "0.22", "1.2", "1.9"])
def sparse_products_and_norms():
    X, _ = penguins(count=40)
    encode = OneHotEncoder(categories="auto")
    steps = [("encode", encode), ("scale", StandardScaler(with_mean=False)), ("products", PolynomialFeatures(3, include_bias=False)), ("norm", Normalizer())]
    model = Pipeline(steps).fit(X[["island", "year"]])
    return model, X[["island", "year"]].head(6)


@case(versions=["0.22", "1.2", "1.9"])
def single_precision_norms():
    X, _ = penguins(count=40)
    encode = OneHotEncoder(dtype=numpy.float32, categories="auto", **DENSE)
    parts = [(norm, Normalizer(norm=norm)) for norm in ("l1", "l2", "max")]
    model = Pipeline([("encode", encode), ("scale", StandardScaler()), ("products", PolynomialFeatures()), ("norms", FeatureUnion(parts))])
    return model.fit(X[["island", "year"]]), X[["island", "year"]].head(5)
