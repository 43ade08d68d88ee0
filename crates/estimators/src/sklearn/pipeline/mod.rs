//! `sklearn.pipeline`: estimators in a row.

mod pipeline_steps;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&pipeline_steps::CLASS];
