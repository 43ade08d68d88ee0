//! `sklearn.frozen`: estimators that fitting leaves as they are.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
