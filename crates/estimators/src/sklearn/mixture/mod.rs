//! `sklearn.mixture`: mixtures of Gaussians.

mod gaussian_mixture;
mod gaussians;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&gaussian_mixture::BAYESIAN, &gaussian_mixture::PLAIN];
