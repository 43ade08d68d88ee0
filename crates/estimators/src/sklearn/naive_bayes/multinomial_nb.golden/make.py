from golden import case, digits, edge_rows, iris
from sklearn.naive_bayes import ComplementNB, MultinomialNB



def declare(name, make, data=iris, versions="all"):
    def fitted():
        X, y = data()
        model = make().fit(X, y)
        return model, edge_rows(model, X)

    fitted.__name__ = name
    case(versions=versions)(fitted)


def counts():
    X, y = digits()
    return X[:, 18:26].copy(), y


declare("multinomial", MultinomialNB)
declare("multinomial_counts", MultinomialNB, counts, ["0.22", "1.9"])
declare("complement", ComplementNB)
declare("complement_normalized", lambda: ComplementNB(norm=True), counts, ["0.22", "1.9"])
declare("complement_of_one_class", ComplementNB, lambda: (iris()[0], [3] * 50), ["1.9"])


@case(versions=["1.9"], unsupported=True)
def priors_of_other_classes():
    X, y = iris()
    model = MultinomialNB().fit(X, y)
    model.class_log_prior_ = model.class_log_prior_[:2]
    return model, None
