//! `sklearn.naive_bayes`: classifiers that multiply the probabilities of features.

mod bernoulli_nb;
mod categorical_nb;
mod gaussian_nb;
pub(crate) mod joint_log_likelihood;
mod multinomial_nb;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &bernoulli_nb::CLASS,
    &categorical_nb::CLASS,
    &gaussian_nb::CLASS,
    &multinomial_nb::COMPLEMENT,
    &multinomial_nb::MULTINOMIAL,
];
