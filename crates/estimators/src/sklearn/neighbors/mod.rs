//! `sklearn.neighbors`: answers from the training rows nearest to a row.

mod k_neighbors_classifier;
mod k_neighbors_regressor;
mod nearest_rows;
mod search_tree;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] =
    &[&k_neighbors_classifier::CLASS, &k_neighbors_regressor::CLASS];
