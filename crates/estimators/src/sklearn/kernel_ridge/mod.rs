//! `sklearn.kernel_ridge`: ridge regression in the space of a kernel.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
