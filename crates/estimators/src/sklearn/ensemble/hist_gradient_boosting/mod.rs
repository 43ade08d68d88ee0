//! Gradient boosting over histograms, with trees of its own.

mod encoded_input;
mod hist_gradient_boosting_classifier;
mod hist_gradient_boosting_regressor;
mod predictors;

pub(super) use hist_gradient_boosting_classifier::CLASS as CLASSIFIER;
pub(super) use hist_gradient_boosting_regressor::CLASS as REGRESSOR;
