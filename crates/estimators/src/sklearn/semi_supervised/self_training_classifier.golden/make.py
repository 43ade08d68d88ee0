from golden import at_least, case, edge_rows, iris
from sklearn.linear_model import SGDClassifier
from sklearn.tree import DecisionTreeClassifier

if at_least("0.24"):
    from sklearn.semi_supervised import SelfTrainingClassifier


def partly_labelled():
    X, y = iris()
    y = y.copy()
    y[::3] = -1
    return X, y


@case(since="0.24")
def tree():
    X, y = partly_labelled()
    model = SelfTrainingClassifier(DecisionTreeClassifier(max_depth=3, random_state=0)).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.24", "1.2", "1.9"])
def linear():
    X, y = partly_labelled()
    loss = "log_loss" if at_least("1.1") else "log"
    model = SelfTrainingClassifier(SGDClassifier(loss=loss, random_state=0), criterion="k_best", k_best=5).fit(X, y)
    return model, X[::5]
