//! Classes of scikit-learn, one file each, in the folders of Python's import tree.

mod cluster;
mod compose;
mod decomposition;
mod dummy;
mod ensemble;
mod feature_extraction;
mod impute;
mod linear_model;
mod model_selection;
mod naive_bayes;
mod neighbors;
mod neural_network;
mod pipeline;
mod preprocessing;
mod svm;
mod tree;

use crate::ClassSpec;

pub(crate) use compose::column_transformer::feature_names;

/// Every package's classes.
pub(crate) const PACKAGES: &[&[&ClassSpec]] = &[
    cluster::CLASSES,
    cluster::K_MEANS,
    compose::CLASSES,
    decomposition::CLASSES,
    decomposition::PCA,
    dummy::CLASSES,
    ensemble::CLASSES,
    feature_extraction::CLASSES,
    impute::CLASSES,
    linear_model::CLASSES,
    linear_model::GENERALIZED_LINEAR_REGRESSORS,
    linear_model::LINEAR_CLASSIFIERS,
    linear_model::LINEAR_REGRESSORS,
    linear_model::LOGISTIC_REGRESSIONS,
    linear_model::RIDGE_CLASSIFIERS,
    model_selection::CLASSES,
    naive_bayes::CLASSES,
    neighbors::CLASSES,
    neural_network::CLASSES,
    pipeline::CLASSES,
    preprocessing::CLASSES,
    svm::CLASSES,
    tree::CLASSES,
];
