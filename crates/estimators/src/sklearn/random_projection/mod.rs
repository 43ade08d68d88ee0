//! `sklearn.random_projection`: projections onto random directions.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
