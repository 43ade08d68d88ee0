//! Classes of scikit-learn, one file each, in the folders of Python's import tree.

mod dummy;
mod ensemble;
mod linear_model;
mod naive_bayes;
mod pipeline;
mod preprocessing;
mod svm;
mod tree;

use crate::ClassSpec;

/// Every package's classes.
pub(crate) const PACKAGES: &[&[&ClassSpec]] = &[
    dummy::CLASSES,
    ensemble::CLASSES,
    linear_model::CLASSES,
    linear_model::GENERALIZED_LINEAR_REGRESSORS,
    linear_model::LINEAR_CLASSIFIERS,
    linear_model::LINEAR_REGRESSORS,
    linear_model::LOGISTIC_REGRESSIONS,
    linear_model::RIDGE_CLASSIFIERS,
    naive_bayes::CLASSES,
    pipeline::CLASSES,
    preprocessing::CLASSES,
    svm::CLASSES,
    tree::CLASSES,
];
