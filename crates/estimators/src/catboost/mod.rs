//! Classes of CatBoost, and its own model files (0.26 to 1.2).

mod binary;
mod cat_boost;
mod cat_boost_classifier;
mod cat_boost_regressor;
mod cells;
mod city_hash;
mod ctrs;
mod flat_buffer;
mod info;
mod json;
mod json_number;
mod learner;
mod saved;
mod splits;
mod trees;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &cat_boost::CLASS,
    &cat_boost_classifier::CLASS,
    &cat_boost_regressor::RANKER,
    &cat_boost_regressor::REGRESSOR,
];
