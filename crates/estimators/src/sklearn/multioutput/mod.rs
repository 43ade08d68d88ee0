//! `sklearn.multioutput`: several targets by an estimator for each.

mod chain;
mod multi_output_estimator;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &chain::CLASSIFIER,
    &chain::REGRESSOR,
    &multi_output_estimator::CLASSIFIER,
    &multi_output_estimator::REGRESSOR,
];
