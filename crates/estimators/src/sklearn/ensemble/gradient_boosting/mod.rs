//! Gradient boosting over regression trees of `sklearn.tree`.

mod boosted_trees;
mod gradient_boosting_classifier;
mod gradient_boosting_regressor;
mod initial;

pub(super) use gradient_boosting_classifier::CLASS as CLASSIFIER;
pub(super) use gradient_boosting_regressor::CLASS as REGRESSOR;
