//! `sklearn.cluster`: what assigns new rows to clusters.

mod bisecting_k_means;
mod k_means;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&bisecting_k_means::CLASS];

// A file that answers for several classes.
pub(crate) use k_means::CLASSES as K_MEANS;
