//! `sklearn.feature_selection`: columns kept, others dropped.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
