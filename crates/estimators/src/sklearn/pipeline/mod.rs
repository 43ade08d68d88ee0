//! `sklearn.pipeline`: estimators in a row.

mod feature_union;
mod pipeline_steps;

use crate::ClassSpec;

pub(crate) use pipeline_steps::read_without;

pub(crate) const CLASSES: &[&ClassSpec] = &[&feature_union::CLASS, &pipeline_steps::CLASS];
