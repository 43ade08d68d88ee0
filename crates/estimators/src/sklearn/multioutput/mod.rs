//! `sklearn.multioutput`: several targets by an estimator each.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
