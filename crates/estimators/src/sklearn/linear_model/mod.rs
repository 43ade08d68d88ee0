//! `sklearn.linear_model`: linear regressors and classifiers.

mod linear_regressor;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&linear_regressor::LINEAR_REGRESSION];
