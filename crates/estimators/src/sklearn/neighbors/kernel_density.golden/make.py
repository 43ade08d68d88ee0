import numpy
from golden import at_least, case, iris, wine
from sklearn.neighbors import KernelDensity

FEW = ["0.20", "0.24", "1.9"]


def declare(name, parameters, versions=FEW, data=iris, weights=None, **case_parameters):
    def fitted():
        X = data()[0]
        rows = X[:12] + numpy.array([[0.0], [0.25], [1.5]] * 4)
        options = {} if weights is None else {"sample_weight": weights(X)}
        return KernelDensity(**parameters).fit(X, **options), rows

    fitted.__name__ = name
    case(versions=versions, **case_parameters)(fitted)


LEAVES = {"leaf_size": 6}
declare("gaussian", {"bandwidth": 0.5, **LEAVES}, "all")
for kernel in ["tophat", "epanechnikov", "exponential", "linear", "cosine"]:
    declare(kernel, {"kernel": kernel, "bandwidth": 1.5, **LEAVES})
    declare(kernel + "_of_six_columns", {"kernel": kernel, "bandwidth": 20.0, "algorithm": "ball_tree", **LEAVES}, data=wine)
declare("depth_first", {"bandwidth": 0.5, "breadth_first": False, **LEAVES})
declare("with_tolerances", {"bandwidth": 0.5, "atol": 1e-4, "rtol": 1e-2, **LEAVES})
declare("depth_first_with_tolerances", {"bandwidth": 0.5, "atol": 1e-4, "rtol": 1e-2, "breadth_first": False, "algorithm": "ball_tree", **LEAVES})
declare("weighted", {"bandwidth": 0.4, **LEAVES}, weights=lambda X: X[:, 0])
declare("weighted_depth_first", {"bandwidth": 0.4, "breadth_first": False, **LEAVES}, weights=lambda X: X[:, 0])
declare("manhattan", {"bandwidth": 0.5, "metric": "manhattan", **LEAVES})
declare("chebyshev", {"bandwidth": 0.5, "metric": "chebyshev", **LEAVES})
if at_least("1.2"):
    declare("silverman", {"bandwidth": "silverman", **LEAVES}, ["1.2", "1.9"])
