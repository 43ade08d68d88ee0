//! Classes of imbalanced-learn.

mod pipeline;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&pipeline::CLASS];
