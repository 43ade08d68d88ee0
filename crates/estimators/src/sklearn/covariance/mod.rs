//! `sklearn.covariance`: Gaussian envelopes around the data.

mod elliptic_envelope;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&elliptic_envelope::CLASS];
