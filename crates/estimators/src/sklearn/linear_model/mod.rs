//! `sklearn.linear_model`: linear regressors and classifiers.

mod bayesian_regressor;
pub(crate) mod class_scores;
mod generalized_linear_regressor;
mod linear_classifier;
mod linear_regressor;
mod logistic_regression;
mod ransac_regressor;
mod ridge_classifier;
mod sgd_classifier;
mod sgd_one_class_svm;
pub(super) mod weighted_sums;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &bayesian_regressor::ARD,
    &bayesian_regressor::RIDGE,
    &ransac_regressor::CLASS,
    &sgd_classifier::CLASS,
    &sgd_one_class_svm::CLASS,
];

// Files that answer for several classes each.
pub(crate) use generalized_linear_regressor::CLASSES as GENERALIZED_LINEAR_REGRESSORS;
pub(crate) use linear_classifier::CLASSES as LINEAR_CLASSIFIERS;
pub(crate) use linear_regressor::CLASSES as LINEAR_REGRESSORS;
pub(crate) use logistic_regression::CLASSES as LOGISTIC_REGRESSIONS;
pub(crate) use ridge_classifier::CLASSES as RIDGE_CLASSIFIERS;
