//! `sklearn.ensemble`: forests and boosting.

mod ada_boost_classifier;
mod ada_boost_regressor;
mod average;
mod bagging_classifier;
mod bagging_regressor;
mod bags;
mod finite_input;
mod forest_classifier;
mod forest_regressor;
mod forest_trees;
mod gradient_boosting;
mod hist_gradient_boosting;
mod isolation_forest;
mod random_trees_embedding;
mod stacking;
mod voting_classifier;
mod voting_regressor;

use crate::ClassSpec;

pub(crate) use forest_trees::forest_missing_values;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &ada_boost_classifier::CLASS,
    &ada_boost_regressor::CLASS,
    &bagging_classifier::CLASS,
    &bagging_regressor::CLASS,
    &forest_classifier::RANDOM_FOREST,
    &forest_classifier::EXTRA_TREES,
    &forest_regressor::RANDOM_FOREST,
    &forest_regressor::EXTRA_TREES,
    &gradient_boosting::CLASSIFIER,
    &gradient_boosting::REGRESSOR,
    &hist_gradient_boosting::CLASSIFIER,
    &hist_gradient_boosting::REGRESSOR,
    &isolation_forest::CLASS,
    &random_trees_embedding::CLASS,
    &stacking::CLASSIFIER,
    &stacking::REGRESSOR,
    &voting_classifier::CLASS,
    &voting_regressor::CLASS,
];
