//! `sklearn.kernel_approximation`: features whose products approximate a kernel.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
