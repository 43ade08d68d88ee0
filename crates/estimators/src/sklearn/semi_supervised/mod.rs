//! `sklearn.semi_supervised`: classifiers that learned from labels and from rows without any.

mod label_propagation;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] =
    &[&label_propagation::PROPAGATION, &label_propagation::SPREADING];
