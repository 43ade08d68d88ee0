//! `sklearn.feature_selection`: columns kept, others dropped.

mod importances;
mod recursive_feature_elimination;
mod select_from_model;
mod selection;
mod selector;
mod sequential_feature_selector;
mod univariate_selection;
mod variance_threshold;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &recursive_feature_elimination::RFE,
    &recursive_feature_elimination::RFECV,
    &select_from_model::CLASS,
    &sequential_feature_selector::CLASS,
    &univariate_selection::SELECT_K_BEST,
    &univariate_selection::SELECT_PERCENTILE,
    &univariate_selection::SELECT_FPR,
    &univariate_selection::SELECT_FDR,
    &univariate_selection::SELECT_FWE,
    &univariate_selection::GENERIC_UNIVARIATE_SELECT,
    &variance_threshold::CLASS,
];
