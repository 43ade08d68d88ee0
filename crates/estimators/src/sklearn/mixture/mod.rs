//! `sklearn.mixture`: mixtures of Gaussians.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
