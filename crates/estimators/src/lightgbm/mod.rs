//! Classes of LightGBM.

mod booster;
mod categories;
mod fields;
mod lgbm_classifier;
mod lgbm_regressor;
mod linear_leaves;
mod model_text;
mod objective;
mod trees;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &booster::CLASS,
    &lgbm_classifier::CLASS,
    &lgbm_regressor::RANKER,
    &lgbm_regressor::REGRESSOR,
];
