import numpy
from golden import case, documents
from sklearn.feature_extraction.text import HashingVectorizer

FEW = ["0.22", "1.2", "1.9"]


@case()
def words():
    return HashingVectorizer(n_features=32), documents()[:12] + ["déjà vu à Zürich", "!"]


@case(versions=["0.22", "1.9"])
def few_columns_binary():
    return HashingVectorizer(n_features=5, binary=True, norm="l1", ngram_range=(1, 2)), documents()[:12]


@case(versions=["0.22", "1.9"])
def without_signs():
    return HashingVectorizer(n_features=17, alternate_sign=False, norm=None, analyzer="char_wb"), documents()[:9]


@case(versions=["1.9"])
def float32():
    return HashingVectorizer(n_features=16, dtype=numpy.float32), documents()[:9]


@case(versions=FEW)
def integers():
    return HashingVectorizer(n_features=8, dtype=int, norm=None), documents()[:9]


@case(versions=FEW)
def integers_become_floats():
    return HashingVectorizer(n_features=8, dtype=int, norm="l1"), documents()[:9]
