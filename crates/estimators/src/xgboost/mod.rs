//! Classes of XGBoost, and its own model files (0.90 to 3.x).

mod binary;
mod booster;
mod categories;
mod input;
mod learner;
mod objective;
mod saved;
mod saved_trees;
mod trees;
mod ubjson;
mod xgb_classifier;
mod xgb_regressor;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &booster::CLASS,
    &xgb_classifier::CLASS,
    &xgb_classifier::FOREST,
    &xgb_regressor::CLASS,
    &xgb_regressor::FOREST,
    &xgb_regressor::RANKER,
];
