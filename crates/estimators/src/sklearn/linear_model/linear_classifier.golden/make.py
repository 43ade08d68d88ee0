from golden import cancer, case, edge_rows, iris
from sklearn.linear_model import PassiveAggressiveClassifier, Perceptron
from sklearn.svm import LinearSVC



def declare(name, make, data, labels=lambda y: y, versions="all"):
    def fitted():
        X, y = data()
        model = make().fit(X, labels(y))
        return model, edge_rows(model, X, plain=4)

    fitted.__name__ = name
    case(versions=versions)(fitted)


declare("perceptron", lambda: Perceptron(random_state=0), iris)
declare("perceptron_of_booleans", lambda: Perceptron(random_state=0), cancer, lambda y: y > 0, ["0.22", "1.9"])
declare("passive_aggressive", lambda: PassiveAggressiveClassifier(random_state=0), iris, lambda y: y.astype(float))
declare("linear_svc", lambda: LinearSVC(random_state=0, dual=True), iris, lambda y: y.astype(str))
declare("linear_svc_of_two", lambda: LinearSVC(random_state=0, dual=False), cancer, versions=["0.21", "1.2", "1.9"])
declare("linear_svc_crammer_singer", lambda: LinearSVC(random_state=0, multi_class="crammer_singer"), iris, versions=["1.9"])
declare("linear_svc_no_intercept", lambda: LinearSVC(random_state=0, fit_intercept=False), iris, versions=["1.9"])


@case(versions=["1.9"], unsupported=True)
def fewer_weights_than_classes():
    X, y = iris()
    model = Perceptron(random_state=0).fit(X, y)
    model.coef_ = model.coef_[:2]
    model.intercept_ = model.intercept_[:2]
    return model, None
