//! `sklearn.isotonic`: monotonic functions of one column.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
