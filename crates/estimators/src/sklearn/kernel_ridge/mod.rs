//! `sklearn.kernel_ridge`: ridge regression on the values of a kernel function.

#[expect(clippy::module_inception, reason = "Python's module has the name of its only class")]
mod kernel_ridge;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&kernel_ridge::CLASS];
