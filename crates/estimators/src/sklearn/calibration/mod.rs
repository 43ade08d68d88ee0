//! `sklearn.calibration`: classifiers whose probabilities were calibrated.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
