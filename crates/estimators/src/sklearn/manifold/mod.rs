//! `sklearn.manifold`: rows in few dimensions, found by way of their neighbours.

mod neighbor_lists;

use crate::ClassSpec;

pub(crate) use neighbor_lists::Neighbors;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
