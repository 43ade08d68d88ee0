//! `sklearn.neural_network`: multi-layer perceptrons and Boltzmann machines.

mod bernoulli_rbm;
mod layers;
mod mlp_classifier;
mod mlp_regressor;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] =
    &[&bernoulli_rbm::CLASS, &mlp_classifier::CLASS, &mlp_regressor::CLASS];
