//! Classes of scikit-learn, one file each, in the folders of Python's import tree.

mod dummy;
mod ensemble;
mod linear_model;
mod pipeline;
mod preprocessing;
mod tree;

use crate::ClassSpec;

/// Every package's classes.
pub(crate) const PACKAGES: &[&[&ClassSpec]] = &[
    dummy::CLASSES,
    ensemble::CLASSES,
    linear_model::CLASSES,
    pipeline::CLASSES,
    preprocessing::CLASSES,
    tree::CLASSES,
];
