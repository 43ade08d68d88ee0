from golden import case, edge_rows, iris
from sklearn.preprocessing import PolynomialFeatures

ALL = ["0.20", "0.21", "0.22", "0.24", "1.0", "1.2", "1.9"]
FEW = ["0.22", "1.2", "1.9"]


def fitted(X, **parameters):
    model = PolynomialFeatures(**parameters).fit(X)
    return model, edge_rows(model, X / 3, plain=8)


@case()
def second_degree():
    return fitted(iris()[0])


@case(versions=ALL)
def fourth_degree():
    return fitted(iris()[0][:, :3], degree=4, include_bias=False)


@case(versions=ALL)
def interactions():
    return fitted(iris()[0], degree=3, interaction_only=True)


@case(since="1.0", versions=["1.0", "1.2", "1.9"])
def second_to_third_degree():
    return fitted(iris(frame=True)[0], degree=(2, 3))


@case(versions=["1.2", "1.9"])
def more_interactions_than_columns():
    return fitted(iris()[0][:, :2], degree=5, interaction_only=True)


@case(since="1.1", versions=["1.2", "1.9"])
def bias_alone():
    return fitted(iris()[0][:, :2], degree=0)
