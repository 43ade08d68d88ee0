//! `sklearn.isotonic`: monotonic functions of one column.

mod isotonic_regression;

use crate::ClassSpec;

pub(crate) use isotonic_regression::IsotonicRegression;

pub(crate) const CLASSES: &[&ClassSpec] = &[&isotonic_regression::CLASS];
