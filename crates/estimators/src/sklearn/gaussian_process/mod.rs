//! `sklearn.gaussian_process`: regression and classification by covariances of rows.

mod gaussian_process_classifier;
mod gaussian_process_regressor;
mod kernel;
mod triangle;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &gaussian_process_classifier::CLASS,
    &gaussian_process_classifier::LAPLACE,
    &gaussian_process_regressor::CLASS,
];
