//! `sklearn.neighbors`: answers from the training rows nearest to a row.

mod k_neighbors_classifier;
mod k_neighbors_regressor;
mod kernel_density;
mod local_outlier_factor;
mod metric;
mod nearest_centroid;
mod nearest_neighbors;
mod nearest_rows;
mod neighborhood_components_analysis;
mod neighbors_transformer;
mod radius_neighbors_classifier;
mod radius_neighbors_regressor;
mod search_tree;
mod training_rows;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &k_neighbors_classifier::CLASS,
    &k_neighbors_regressor::CLASS,
    &kernel_density::CLASS,
    &local_outlier_factor::CLASS,
    &nearest_centroid::CLASS,
    &nearest_neighbors::CLASS,
    &neighborhood_components_analysis::CLASS,
    &neighbors_transformer::K_NEIGHBORS,
    &neighbors_transformer::RADIUS_NEIGHBORS,
    &radius_neighbors_classifier::CLASS,
    &radius_neighbors_regressor::CLASS,
];
