//! `sklearn.semi_supervised`: classifiers that learned from labels and from rows without any.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
