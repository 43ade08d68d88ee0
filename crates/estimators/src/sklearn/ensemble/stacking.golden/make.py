import numpy
from golden import at_least, cancer, case, diabetes, edge_rows, iris, linnerud, penguins
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression, Ridge, RidgeClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

if at_least("0.22"):
    from sklearn.ensemble import StackingClassifier, StackingRegressor

FEW = ["0.22", "1.2", "1.9"]
SUM = {"predict": (1e-14, "BLAS adds the products in an order and with fused steps that depend on the processor")}


def tree(depth=2):
    return DecisionTreeClassifier(max_depth=depth, random_state=0)


def classifiers():
    return [("tree", tree()), ("forest", RandomForestClassifier(n_estimators=2, max_depth=2, random_state=1))]


def regressors():
    return [
        ("tree", DecisionTreeRegressor(max_depth=2, random_state=0)),
        ("forest", RandomForestRegressor(n_estimators=2, max_depth=2, random_state=1)),
    ]


def bill():
    X, y = penguins()
    return X[["bill_length_mm", "bill_depth_mm", "body_mass_g"]].fillna(0), y


@case(since="0.22")
def classifier():
    X, y = iris()
    model = StackingClassifier(classifiers(), tree(3), cv=3).fit(X, y)
    return model, edge_rows(model, X)


@case(since="0.22")
def regressor():
    X, y = diabetes()
    model = StackingRegressor(regressors(), DecisionTreeRegressor(max_depth=3, random_state=0), cv=3).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def two_texts_passthrough():
    X, y = penguins(target="sex")
    X = X[["bill_length_mm", "bill_depth_mm", "body_mass_g"]].fillna(0)
    model = StackingClassifier(classifiers(), tree(4), cv=3, passthrough=True).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def predicted_labels():
    X, y = bill()
    model = StackingClassifier(classifiers(), tree(4), cv=3, stack_method="predict").fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def decisions_and_probabilities():
    X, y = iris()
    members = [("ridge", RidgeClassifier())] + classifiers()
    model = StackingClassifier(members, tree(4), cv=3).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def logistic_by_default():
    X, y = cancer()
    model = StackingClassifier(classifiers(), cv=3).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def dropped():
    X, y = iris()
    model = StackingClassifier(classifiers() + [("more", tree(1))], tree(3), cv=3)
    return model.set_params(forest="drop").fit(X, y), X[::5]


@case(versions=["1.1", "1.6", "1.9"])
def prefit():
    X, y = iris()
    members = [(name, model.fit(X, numpy.array([10, 20, 30])[y])) for name, model in classifiers()]
    model = StackingClassifier(members, tree(3), cv="prefit", stack_method="predict").fit(X, numpy.array(list("abc"))[y])
    return model, X[::5]


@case(versions=["1.1", "1.9"], unsupported=True)
def prefit_texts():
    X, y = iris()
    members = [(name, model.fit(X, numpy.array(list("abc"))[y])) for name, model in classifiers()]
    encode = make_pipeline(OneHotEncoder(), tree(3))
    return StackingClassifier(members, encode, cv="prefit", stack_method="predict").fit(X, y), None


@case(versions=["1.2", "1.5", "1.9"])
def two_outputs():
    X, y = linnerud()
    model = StackingClassifier(classifiers(), tree(3), cv=3).fit(X, (y[:, :2] > y[:, :2].mean(axis=0)) * 1)
    return model, edge_rows(model, X)


@case(versions=["1.2", "1.9"])
def three_outputs_predicted():
    X, y = linnerud()
    model = StackingClassifier(classifiers(), tree(3), cv=3, stack_method="predict", passthrough=True)
    return model.fit(X, (y > y.mean(axis=0)) * 1), X


@case(versions=FEW, tolerance=SUM)
def ridge_passthrough():
    X, y = diabetes(frame=True)
    model = StackingRegressor(regressors(), Ridge(), cv=3, passthrough=True).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=FEW)
def ridge_by_default():
    X, y = diabetes()
    model = StackingRegressor(regressors(), cv=3).fit(X, y)
    return model, edge_rows(model, X)


@case(versions=["0.24", "1.4", "1.9"])
def columns_by_name():
    X, y = penguins()
    X = X[["island", "bill_length_mm", "body_mass_g"]].fillna(0)
    columns = make_column_transformer((OneHotEncoder(handle_unknown="ignore"), ["island"]), remainder="passthrough")
    model = StackingClassifier([("a", make_pipeline(columns, tree()))], tree(3), cv=3).fit(X, y)
    return model, edge_rows(model, X)
