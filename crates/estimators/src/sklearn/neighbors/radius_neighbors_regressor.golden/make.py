import numpy
from golden import case, diabetes, linnerud
from sklearn.neighbors import RadiusNeighborsRegressor

FEW = ["0.20", "0.22", "1.1", "1.9"]


def declare(name, parameters, versions=FEW, data=diabetes, targets=lambda y: y, **case_parameters):
    def fitted():
        X, y = data()
        model = RadiusNeighborsRegressor(**parameters).fit(X, targets(y))
        rows = X[:12].copy()
        rows[6:] = (X[0:6] + X[4:10]) / 2
        return model, rows

    fitted.__name__ = name
    case(versions=versions, **case_parameters)(fitted)


declare("tree", {"radius": 0.08, "leaf_size": 4}, "all")
declare("by_distance", {"radius": 0.1, "weights": "distance", "leaf_size": 4})
declare("ball_tree", {"radius": 0.07, "algorithm": "ball_tree", "leaf_size": 3, "weights": "distance"})
declare("brute", {"radius": 0.09, "algorithm": "brute", "weights": "distance"})
declare("nobody_near", {"radius": 0.04, "leaf_size": 4})
declare("nobody_near_whole_targets", {"radius": 0.04, "leaf_size": 4}, targets=lambda y: y.astype(int))
declare("three_targets", {"radius": 60.0}, data=linnerud)
declare("three_targets_by_distance", {"radius": 60.0, "weights": "distance"}, data=linnerud)
