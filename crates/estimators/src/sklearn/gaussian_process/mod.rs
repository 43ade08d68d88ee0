//! `sklearn.gaussian_process`: Gaussian processes.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
