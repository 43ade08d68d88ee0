from golden import at_least, cancer, case, edge_rows, iris
from sklearn.linear_model import SGDClassifier

LOG = "log_loss" if at_least("1.1") else "log"
FEW = ["0.21", "0.24", "1.2", "1.9"]


def declare(name, data, labels=lambda y: y, versions=FEW, **parameters):
    def fitted():
        X, y = data()
        X = X - X.mean(axis=0)
        model = SGDClassifier(random_state=0, max_iter=20, tol=1e-3, **parameters).fit(X, labels(y))
        return model, edge_rows(model, X)

    fitted.__name__ = name
    case(versions=versions)(fitted)


declare("hinge", iris, versions="all")
declare("log", iris, loss=LOG)
declare("log_of_two", cancer, labels=lambda y: y > 0, loss=LOG)
declare("modified_huber", iris, labels=lambda y: y.astype(str), loss="modified_huber")
declare("modified_huber_of_two", cancer, loss="modified_huber")
declare("perceptron_averaged", iris, versions=["0.22", "1.9"], loss="perceptron", average=True)
declare("squared_hinge", cancer, versions=["1.9"], loss="squared_hinge")
declare("huber", iris, versions=["1.9"], loss="huber")


@case(versions=["1.9"], unsupported=True)
def loss_that_is_no_name():
    X, y = iris()
    model = SGDClassifier(random_state=0).fit(X, y)
    model.loss = 3
    return model, None
