//! `sklearn.cross_decomposition`: directions in two tables that go together.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
