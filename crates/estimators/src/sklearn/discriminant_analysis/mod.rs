//! `sklearn.discriminant_analysis`: one Gaussian per class.

mod linear_discriminant_analysis;
mod quadratic_discriminant_analysis;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] =
    &[&linear_discriminant_analysis::CLASS, &quadratic_discriminant_analysis::CLASS];
