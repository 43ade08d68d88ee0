//! `sklearn.semi_supervised`: classifiers that learned from labels and from rows without any.

mod label_propagation;
mod self_training_classifier;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &label_propagation::PROPAGATION,
    &label_propagation::SPREADING,
    &self_training_classifier::CLASS,
];
