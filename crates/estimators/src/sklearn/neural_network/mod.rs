//! `sklearn.neural_network`: multi-layer perceptrons.

mod layers;
mod mlp_classifier;
mod mlp_regressor;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&mlp_classifier::CLASS, &mlp_regressor::CLASS];
