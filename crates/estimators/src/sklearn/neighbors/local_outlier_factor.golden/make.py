import numpy
from golden import case, diabetes, iris, wine
from sklearn.neighbors import LocalOutlierFactor

FEW = ["0.20", "0.22", "1.1", "1.9"]
METHODS = ["predict", "decision_function", "score_samples", "kneighbors"]


def declare(name, parameters, versions=FEW, data=iris, methods=METHODS, **case_parameters):
    def fitted():
        X = data()[0]
        rows = X[:12] + numpy.array([[0.0], [0.25], [1.5]] * 4)
        return LocalOutlierFactor(**parameters).fit(X[:30]), rows

    fitted.__name__ = name
    case(versions=versions, methods=methods, **case_parameters)(fitted)


NEW = {"novelty": True}
declare("novelty", {"n_neighbors": 5, **NEW}, "all")
declare("contamination", {"n_neighbors": 12, "contamination": 0.2, "leaf_size": 4, **NEW})
declare("ball_tree", {"n_neighbors": 9, "algorithm": "ball_tree", "leaf_size": 4, "metric": "manhattan", **NEW})
declare("brute", {"n_neighbors": 5, "algorithm": "brute", **NEW}, data=wine)
# Python refuses `kneighbors`: more neighbours than training rows.
declare("all_are_neighbors", {"n_neighbors": 40, **NEW}, methods=METHODS[:3])
declare("of_the_training_rows_alone", {"n_neighbors": 5}, methods=["kneighbors"])
