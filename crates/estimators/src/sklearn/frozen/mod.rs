//! `sklearn.frozen`: estimators that fitting leaves as they are.

mod frozen_estimator;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&frozen_estimator::CLASS];
