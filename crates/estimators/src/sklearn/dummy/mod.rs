//! `sklearn.dummy`: predictions that do not look at the rows.

mod dummy_classifier;
mod dummy_regressor;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&dummy_classifier::CLASS, &dummy_regressor::CLASS];
