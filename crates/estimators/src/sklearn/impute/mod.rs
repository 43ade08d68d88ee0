//! `sklearn.impute`: what stands in for missing values.

mod iterative_imputer;
mod knn_imputer;
mod missing_indicator;
mod missing_values;
mod simple_imputer;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &iterative_imputer::CLASS,
    &knn_imputer::CLASS,
    &missing_indicator::CLASS,
    &simple_imputer::CLASS,
];
