import numpy
from golden import case, iris
from sklearn.neighbors import RadiusNeighborsClassifier

FEW = ["0.20", "0.22", "1.1", "1.3", "1.4", "1.9"]


def declare(name, parameters, versions=FEW, labels=lambda y: y, **case_parameters):
    def fitted():
        X, y = iris()
        model = RadiusNeighborsClassifier(**parameters).fit(X[::2], labels(y[::2]))
        rows = X[10:22] + numpy.array([[0.0], [0.125], [0.0]] * 4)
        return model, rows

    fitted.__name__ = name
    case(versions=versions, **case_parameters)(fitted)


TREE = {"leaf_size": 4}
declare("tree", {"radius": 1.0, **TREE}, "all")
declare("ball_tree_by_distance", {"radius": 0.9, "algorithm": "ball_tree", "weights": "distance", **TREE}, labels=lambda y: y.astype(str))
declare("brute", {"radius": 1.0, "algorithm": "brute"}, labels=lambda y: y + 1.0)
declare("outliers_of_a_class", {"radius": 0.25, "outlier_label": 1, **TREE})
declare("outliers_of_no_class", {"radius": 0.25, "outlier_label": -1, "weights": "distance", **TREE})
declare("outliers_text", {"radius": 0.25, "outlier_label": "none", **TREE}, labels=lambda y: y.astype(str).astype("U4"))
declare("outliers_most_frequent", {"radius": 0.25, "outlier_label": "most_frequent", **TREE}, ["0.22", "1.1", "1.9"])
# With this metric brute force compares the label in ways of its own from 1.4 on.
MANHATTAN = {"radius": 0.5, "algorithm": "brute", "metric": "manhattan"}
declare("brute_manhattan_outliers", {**MANHATTAN, "outlier_label": 1}, ["1.3", "1.4", "1.8", "1.9"], labels=lambda y: y + 1)
declare("brute_manhattan_outliers_text", {**MANHATTAN, "outlier_label": "0"}, ["1.3", "1.4", "1.8", "1.9"], labels=lambda y: y.astype(str))
declare("brute_manhattan_most_frequent", {**MANHATTAN, "outlier_label": "most_frequent"}, ["1.3", "1.4", "1.8", "1.9"])
declare("brute_manhattan_without_label", MANHATTAN, ["1.4", "1.9"], refused=True)


def pairs(y):
    return numpy.stack([y, (y > 1).astype(int)], axis=1)


declare("two_outputs", {"radius": 1.0, **TREE}, labels=pairs)
declare("two_outputs_outlier", {"radius": 0.25, "outlier_label": 1, **TREE}, ["0.20", "0.22", "1.9"], labels=pairs)
declare("two_outputs_outliers", {"radius": 0.25, "outlier_label": [2, 0], **TREE}, ["0.22", "1.9"], labels=pairs)
declare("two_outputs_most_frequent", {"radius": 0.25, "outlier_label": "most_frequent", **TREE}, ["0.22", "1.9"], labels=pairs)
declare("nobody_near", {"radius": 0.25, **TREE}, ["0.20", "1.9"], refused=True)
