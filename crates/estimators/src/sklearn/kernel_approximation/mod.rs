//! `sklearn.kernel_approximation`: features whose products approximate a kernel.

mod additive_chi2_sampler;
mod cosine_features;
mod nystroem;
mod polynomial_count_sketch;
mod rbf_sampler;
mod skewed_chi2_sampler;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &additive_chi2_sampler::CLASS,
    &nystroem::CLASS,
    &polynomial_count_sketch::CLASS,
    &rbf_sampler::CLASS,
    &skewed_chi2_sampler::CLASS,
];
