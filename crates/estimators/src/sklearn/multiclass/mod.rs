//! `sklearn.multiclass`: many classes by way of classifiers of two.

mod binary_members;
mod one_vs_one_classifier;
mod one_vs_rest_classifier;
mod output_code_classifier;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &one_vs_one_classifier::CLASS,
    &one_vs_rest_classifier::CLASS,
    &output_code_classifier::CLASS,
];
