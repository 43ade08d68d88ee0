//! Classes of scikit-learn, one file each, in the folders of Python's import tree.

mod blas;
mod calibration;
mod cluster;
mod compose;
mod covariance;
mod cross_decomposition;
mod decomposition;
mod discriminant_analysis;
mod dummy;
mod ensemble;
mod feature_extraction;
mod feature_selection;
mod frozen;
mod gaussian_process;
mod impute;
mod isotonic;
mod kernel_approximation;
mod kernel_ridge;
mod linear_model;
mod manifold;
mod mixture;
mod model_selection;
mod multiclass;
mod multioutput;
mod naive_bayes;
mod neighbors;
mod neural_network;
mod pairwise_kernels;
mod partitioning;
mod pipeline;
mod preprocessing;
mod random_projection;
mod semi_supervised;
mod svm;
mod tree;

use crate::{ClassSpec, ReadError, State};

pub(crate) use pipeline::read_without;
pub(crate) use preprocessing::{NumpyFunction, elementwise};
pub(crate) use tree::largest;

/// The names of the columns an estimator takes: those it was trained on, or looks for.
pub(crate) fn feature_names(state: &State<'_>) -> Result<Option<Vec<String>>, ReadError> {
    match feature_extraction::dict_keys(state) {
        Some(keys) => Ok(Some(keys)),
        None => compose::column_transformer::feature_names(state),
    }
}

/// Every package's classes.
pub(crate) const PACKAGES: &[&[&ClassSpec]] = &[
    calibration::CLASSES,
    cluster::CLASSES,
    cluster::K_MEANS,
    cluster::NEAREST_CENTERS,
    compose::CLASSES,
    covariance::CLASSES,
    cross_decomposition::CLASSES,
    cross_decomposition::PLS,
    decomposition::CLASSES,
    decomposition::DICTIONARIES,
    decomposition::NMF,
    decomposition::PCA,
    decomposition::SPARSE_PCA,
    discriminant_analysis::CLASSES,
    dummy::CLASSES,
    ensemble::CLASSES,
    feature_extraction::CLASSES,
    feature_selection::CLASSES,
    frozen::CLASSES,
    gaussian_process::CLASSES,
    impute::CLASSES,
    isotonic::CLASSES,
    kernel_approximation::CLASSES,
    kernel_ridge::CLASSES,
    linear_model::CLASSES,
    linear_model::GENERALIZED_LINEAR_REGRESSORS,
    linear_model::LINEAR_CLASSIFIERS,
    linear_model::LINEAR_REGRESSORS,
    linear_model::LOGISTIC_REGRESSIONS,
    linear_model::RIDGE_CLASSIFIERS,
    manifold::CLASSES,
    mixture::CLASSES,
    model_selection::CLASSES,
    multiclass::CLASSES,
    multioutput::CLASSES,
    naive_bayes::CLASSES,
    neighbors::CLASSES,
    neural_network::CLASSES,
    pipeline::CLASSES,
    preprocessing::CLASSES,
    random_projection::CLASSES,
    semi_supervised::CLASSES,
    svm::CLASSES,
    tree::CLASSES,
];
