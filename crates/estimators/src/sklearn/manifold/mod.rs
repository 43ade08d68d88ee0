//! `sklearn.manifold`: rows in few dimensions, found by way of their neighbours.

mod isomap;
mod locally_linear_embedding;
mod neighbor_lists;

use crate::ClassSpec;

pub(crate) use neighbor_lists::Neighbors;

pub(crate) const CLASSES: &[&ClassSpec] = &[&isomap::CLASS, &locally_linear_embedding::CLASS];
