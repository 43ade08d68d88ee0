//! `sklearn.cluster`: what assigns new rows to clusters.

mod birch;
mod bisecting_k_means;
mod centers;
mod feature_agglomeration;
mod k_means;
mod nearest_center;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] =
    &[&birch::CLASS, &bisecting_k_means::CLASS, &feature_agglomeration::CLASS];

pub(crate) use centers::{order, square_sum};
// Files that answer for several classes.
pub(crate) use k_means::CLASSES as K_MEANS;
pub(crate) use nearest_center::CLASSES as NEAREST_CENTERS;
