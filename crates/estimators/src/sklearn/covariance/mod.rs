//! `sklearn.covariance`: Gaussian envelopes around the data.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
