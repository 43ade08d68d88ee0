//! Classes of LightGBM.

mod booster;
mod categories;
mod fields;
mod header;
mod json_nodes;
mod json_trees;
mod lgbm_classifier;
mod lgbm_regressor;
mod linear_leaves;
mod model_json;
mod model_text;
mod objective;
mod text_trees;
mod tree;
mod trees;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &booster::CLASS,
    &lgbm_classifier::CLASS,
    &lgbm_regressor::RANKER,
    &lgbm_regressor::REGRESSOR,
];

/// Whether LightGBM made the names of columns up, as it does where there were none.
pub(crate) fn are_made_up(names: &[String]) -> bool {
    names.iter().enumerate().all(|(at, name)| *name == format!("Column_{at}"))
}
