import numpy
from golden import case, documents
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SUM = "sums of a row are added in an order that depends on the versions of scipy and BLAS"


def terms(model, rows):
    """The terms of each row with a space between."""
    found = [" ".join(terms) or numpy.nan for terms in model.inverse_transform(model.transform(rows))]
    return numpy.array(found, dtype=object)


def fitted(model):
    return model.fit(documents()[:8]), documents()[:12]


@case(methods=["transform", "inverse_transform"], calls={"inverse_transform": terms})
def words():
    return fitted(TfidfVectorizer())


@case(versions=["0.22", "1.4", "1.9"])
def sublinear_l1():
    return fitted(TfidfVectorizer(sublinear_tf=True, norm="l1", smooth_idf=False, ngram_range=(1, 2), max_features=25))


@case(versions=["0.22", "1.9"])
def counts_alone():
    return fitted(TfidfVectorizer(use_idf=False, norm=None, max_features=20))


@case(versions=["0.22", "1.4", "1.9"])
def float32():
    return fitted(TfidfVectorizer(dtype=numpy.float32, max_features=20))


@case(
    versions=["0.22", "1.2", "1.9"])
def before_a_classifier():
    lines = documents()
    labels = ["than" in line for line in lines]
    model = make_pipeline(TfidfVectorizer(min_df=2, token_pattern=r"(?u)\b\w+\b"), LogisticRegression(C=20))
    return model.fit(lines, labels), lines[:10]


@case(
    versions=["0.22", "1.2", "1.9"],
    tolerance={"predict_proba": (1e-14, SUM), "predict_log_proba": (1e-14, SUM), "decision_function": (1e-14, SUM)},
)
def beside_numbers():
    import pandas

    lines = documents()
    table = pandas.DataFrame({"length": [float(len(line)) for line in lines], "line": lines})
    labels = ["than" in line for line in lines]
    columns = ColumnTransformer([("words", TfidfVectorizer(), "line"), ("size", StandardScaler(), ["length"])])
    return make_pipeline(columns, LogisticRegression()).fit(table, labels), table.head(9)
