//! `sklearn.pipeline`: estimators in a row.

mod feature_union;
mod pipeline_steps;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&feature_union::CLASS, &pipeline_steps::CLASS];
