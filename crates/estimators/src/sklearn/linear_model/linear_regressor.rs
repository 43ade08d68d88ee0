//! Linear regressors: `X @ coef_.T + intercept_`. They differ in how they are trained, not in how they
//! predict, so they share this file. `weighted_sums.rs` says which attributes are read and how sums
//! compare with Python's.
//!
//! Output: shape (n,) if `coef_` has one dimension, else (n, t). `LinearSVR` and `SGDRegressor` always
//! give (n,).
//!
//! Source of truth: `LinearModel._decision_function` in `sklearn/linear_model/_base.py`,
//! `BaseSGDRegressor._decision_function` in `sklearn/linear_model/_stochastic_gradient.py`.

use super::weighted_sums::WeightedSums;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, ReadError, State, unsupported,
};

const METHODS: &[Method] = &[Method::Predict];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read: |state| Ok(Box::new(LinearRegressor::read(state)?)) }
}

/// The newest path, then that of 0.21 and before.
pub(crate) const CLASSES: &[&ClassSpec] = &[
    &class(&[
        "sklearn.linear_model._base.LinearRegression",
        "sklearn.linear_model.base.LinearRegression",
    ]),
    &class(&[
        "sklearn.linear_model._coordinate_descent.Lasso",
        "sklearn.linear_model.coordinate_descent.Lasso",
    ]),
    &class(&[
        "sklearn.linear_model._coordinate_descent.LassoCV",
        "sklearn.linear_model.coordinate_descent.LassoCV",
    ]),
    &class(&[
        "sklearn.linear_model._coordinate_descent.ElasticNet",
        "sklearn.linear_model.coordinate_descent.ElasticNet",
    ]),
    &class(&[
        "sklearn.linear_model._coordinate_descent.ElasticNetCV",
        "sklearn.linear_model.coordinate_descent.ElasticNetCV",
    ]),
    &class(&[
        "sklearn.linear_model._coordinate_descent.MultiTaskLasso",
        "sklearn.linear_model.coordinate_descent.MultiTaskLasso",
    ]),
    &class(&[
        "sklearn.linear_model._coordinate_descent.MultiTaskLassoCV",
        "sklearn.linear_model.coordinate_descent.MultiTaskLassoCV",
    ]),
    &class(&[
        "sklearn.linear_model._coordinate_descent.MultiTaskElasticNet",
        "sklearn.linear_model.coordinate_descent.MultiTaskElasticNet",
    ]),
    &class(&[
        "sklearn.linear_model._coordinate_descent.MultiTaskElasticNetCV",
        "sklearn.linear_model.coordinate_descent.MultiTaskElasticNetCV",
    ]),
    &class(&["sklearn.linear_model._least_angle.Lars", "sklearn.linear_model.least_angle.Lars"]),
    &class(&[
        "sklearn.linear_model._least_angle.LarsCV",
        "sklearn.linear_model.least_angle.LarsCV",
    ]),
    &class(&[
        "sklearn.linear_model._least_angle.LassoLars",
        "sklearn.linear_model.least_angle.LassoLars",
    ]),
    &class(&[
        "sklearn.linear_model._least_angle.LassoLarsCV",
        "sklearn.linear_model.least_angle.LassoLarsCV",
    ]),
    &class(&[
        "sklearn.linear_model._least_angle.LassoLarsIC",
        "sklearn.linear_model.least_angle.LassoLarsIC",
    ]),
    &class(&[
        "sklearn.linear_model._omp.OrthogonalMatchingPursuit",
        "sklearn.linear_model.omp.OrthogonalMatchingPursuit",
    ]),
    &class(&[
        "sklearn.linear_model._omp.OrthogonalMatchingPursuitCV",
        "sklearn.linear_model.omp.OrthogonalMatchingPursuitCV",
    ]),
    &class(&[
        "sklearn.linear_model._passive_aggressive.PassiveAggressiveRegressor",
        "sklearn.linear_model.passive_aggressive.PassiveAggressiveRegressor",
    ]),
    &class(&["sklearn.linear_model._ridge.Ridge", "sklearn.linear_model.ridge.Ridge"]),
    &class(&["sklearn.linear_model._ridge.RidgeCV", "sklearn.linear_model.ridge.RidgeCV"]),
    &class(&[
        "sklearn.linear_model._stochastic_gradient.SGDRegressor",
        "sklearn.linear_model.stochastic_gradient.SGDRegressor",
    ]),
    &class(&[
        "sklearn.linear_model._theil_sen.TheilSenRegressor",
        "sklearn.linear_model.theil_sen.TheilSenRegressor",
    ]),
    &class(&[
        "sklearn.linear_model._huber.HuberRegressor",
        "sklearn.linear_model.huber.HuberRegressor",
    ]),
    &class(&["sklearn.linear_model._quantile.QuantileRegressor"]),
    &class(&["sklearn.svm._classes.LinearSVR", "sklearn.svm.classes.LinearSVR"]),
];

#[derive(Debug)]
struct LinearRegressor {
    sums: WeightedSums,
    one_target: bool,
}

impl LinearRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let sums = WeightedSums::read(state)?;
        let shape = state.get("coef_")?.value().as_array().map(|it| it.shape.len());
        // Sparse weights are those of an SGDRegressor, which has one target.
        Ok(Self { sums, one_target: shape.is_none_or(|it| it == 1) })
    }
}

impl Estimator for LinearRegressor {
    fn n_features_in(&self) -> usize {
        self.sums.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("a linear regressor", method));
        }
        let scores = self.sums.scores(input)?;
        if self.one_target {
            return scores.into_output();
        }
        Ok(Output::Columns(scores.into_values()))
    }
}
