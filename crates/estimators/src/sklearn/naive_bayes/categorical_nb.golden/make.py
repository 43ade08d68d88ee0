from golden import case, digits
from sklearn import naive_bayes

FEW = ["0.22", "1.2", "1.9"]


def data():
    X, y = digits()
    return X[:, 18:24] // 4, y


@case(since="0.22")
def ten_classes():
    X, y = data()
    X[3, 1] += 0.75
    return naive_bayes.CategoricalNB().fit(X, y), X[:12]


@case(versions=["1.2", "1.9"])
def two_classes_of_text():
    X, y = data()
    return naive_bayes.CategoricalNB().fit(X, (y > 4).astype(str)), X[:12]


@case(versions=FEW, refused=True)
def below_zero():
    X, y = data()
    model = naive_bayes.CategoricalNB().fit(X, y)
    X[1, 2] = -1
    return model, X[:3]


@case(versions=["1.9"], unsupported=True)
def feature_of_other_classes():
    X, y = data()
    model = naive_bayes.CategoricalNB().fit(X, y)
    model.feature_log_prob_[2] = model.feature_log_prob_[2][:4]
    return model, None
