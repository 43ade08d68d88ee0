//! Classes of scikit-learn, one file each, in the folders of Python's import tree.

mod linear_model;
mod pipeline;
mod preprocessing;

use crate::ClassSpec;

/// Every package's classes.
pub(crate) const PACKAGES: &[&[&ClassSpec]] =
    &[linear_model::CLASSES, pipeline::CLASSES, preprocessing::CLASSES];
