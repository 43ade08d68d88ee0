//! `sklearn.model_selection`: estimators that chose their parameters.

mod search;
mod threshold_classifier;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &search::GRID,
    &search::RANDOMIZED,
    &search::HALVING_GRID,
    &search::HALVING_RANDOM,
    &threshold_classifier::FIXED,
    &threshold_classifier::TUNED,
];
