//! `sklearn.compose`: estimators on parts of the columns, or on changed targets.

mod column_selection;
pub(crate) mod column_transformer;
mod transformed_target_regressor;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] =
    &[&column_transformer::CLASS, &transformed_target_regressor::CLASS];
