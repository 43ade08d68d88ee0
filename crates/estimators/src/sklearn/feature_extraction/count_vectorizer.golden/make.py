import numpy
from golden import case, documents
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Binarizer, FunctionTransformer

FEW = ["0.22", "1.2", "1.9"]
ODD = [
    "Né à Zürich: Élan vital",
    "ﬁne Ⅷ x² ½ naïve_café",
    "don't stop-words; 3.14 IS better",
    "two  spaces\tand a\u00a0hard one",
    "ΣΟΦΟΣ İstanbul",
    "!?",
    "a",
]


def terms(model, rows):
    """The terms of each row with a space between."""
    found = [" ".join(terms) or numpy.nan for terms in model.inverse_transform(model.transform(rows))]
    return numpy.array(found, dtype=object)


def counted(model, learned=None):
    """Learns few documents and answers some it learned and some odd ones."""
    learned = (documents()[:6] + ODD[:3]) if learned is None else learned
    return model.fit(learned), documents()[:3] + ODD


@case(methods=["transform", "inverse_transform"], calls={"inverse_transform": terms})
def words():
    return counted(CountVectorizer())


@case(versions=FEW)
def bigrams_without_stop_words():
    return counted(CountVectorizer(stop_words="english", ngram_range=(1, 2), binary=True, max_features=30))


@case(versions=FEW)
def whether_a_word_occurs():
    return counted(CountVectorizer(dtype=bool, max_features=12))


@case(versions=FEW)
def counts_that_do_not_fit():
    rows = [" ".join(["do"] * 300), " ".join(["do"] * 100 + ["not"] * 200)]
    return CountVectorizer(dtype=numpy.int8).fit(rows), rows


@case(versions=FEW)
def counts_of_chosen_words():
    learned = documents()[:12]
    model = make_pipeline(CountVectorizer(), SelectKBest(chi2, k=6), FunctionTransformer(accept_sparse=True))
    return model.fit(learned, [len(it) % 3 for it in learned]), documents()[:6]


@case(versions=FEW)
def more_than_one_time():
    model = make_pipeline(CountVectorizer(max_features=12), Binarizer(threshold=1))
    return model.fit(documents()), documents()[:8]


@case(versions=["0.22", "1.9"])
def own_stop_words_and_pattern():
    return counted(CountVectorizer(stop_words=["is", "than", "the"], token_pattern=r"(?u)\b\w+\b", lowercase=False))


@case(versions=["0.22", "1.9"])
def without_marks():
    return counted(CountVectorizer(strip_accents="unicode", dtype=numpy.float32), ODD)


@case(versions=["0.22", "1.9"])
def to_ascii():
    return counted(CountVectorizer(strip_accents="ascii", token_pattern=r"[a-zA-Z']+"), ODD)


@case(versions=["0.22", "1.9"])
def characters():
    return counted(CountVectorizer(analyzer="char", ngram_range=(1, 3), max_features=40), ODD)


@case(versions=["0.22", "1.9"])
def characters_in_words():
    return counted(CountVectorizer(analyzer="char_wb", ngram_range=(2, 4), max_features=40), ODD)


@case(versions=["1.9"])
def given_vocabulary():
    return CountVectorizer(vocabulary=["better", "than", "ugly"]), documents()[:6]


@case(refused=True, versions=["1.9"])
def missing():
    rows = numpy.array([documents()[0], numpy.nan], dtype=object)
    return CountVectorizer().fit(documents()), rows


@case(unsupported=True, versions=["1.9"])
def function():
    return CountVectorizer(tokenizer=str.split, token_pattern=None).fit(documents()[:3]), None
