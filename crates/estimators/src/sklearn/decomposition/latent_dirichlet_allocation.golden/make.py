from golden import case, digits, documents, iris
from sklearn.decomposition import LatentDirichletAllocation
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline

WHY = "OpenBLAS adds the inner products of a single row in another order"
SUM = {"transform": (2e-15, WHY)}


@case(tolerance=SUM)
def three_topics():
    X, _ = digits()
    rows = X[:10, :20].copy()
    rows[1] = 0
    rows[2, 2] = -0.0
    rows[3] = 0.5
    return LatentDirichletAllocation(3, learning_method="batch", max_iter=5, random_state=0).fit(X[:, :20]), rows


@case(versions=["0.21", "0.23", "1.2", "1.9"], tolerance=SUM)
def online():
    X, _ = iris()
    model = LatentDirichletAllocation(
        2, learning_method="online", doc_topic_prior=0.1, max_doc_update_iter=7, mean_change_tol=1e-5, random_state=0
    )
    return model.fit(X), X[:10]


@case(versions=["0.22", "1.9"], tolerance=SUM, methods=["transform"])
def of_texts():
    lines = documents()
    model = LatentDirichletAllocation(2, learning_method="batch", max_iter=5, random_state=0)
    return make_pipeline(CountVectorizer(min_df=2), model).fit(lines), lines[:8]


@case(versions=["1.9"], refused=True, methods=["transform"])
def negative():
    X, _ = iris()
    return LatentDirichletAllocation(2, random_state=0).fit(X), -X[:3]
