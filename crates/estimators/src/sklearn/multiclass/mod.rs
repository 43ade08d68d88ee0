//! `sklearn.multiclass`: several classes by classifiers of two.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
