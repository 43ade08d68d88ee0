//! `sklearn.neighbors`: answers from the training rows nearest to a row.

mod k_neighbors_classifier;
mod k_neighbors_regressor;
mod metric;
mod nearest_neighbors;
mod nearest_rows;
mod neighbors_transformer;
mod search_tree;
mod training_rows;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &k_neighbors_classifier::CLASS,
    &k_neighbors_regressor::CLASS,
    &nearest_neighbors::CLASS,
    &neighbors_transformer::K_NEIGHBORS,
    &neighbors_transformer::RADIUS_NEIGHBORS,
];
