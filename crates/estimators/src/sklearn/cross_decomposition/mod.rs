//! `sklearn.cross_decomposition`: directions in two tables that go together.

mod centred;
mod pls;
mod pls_svd;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&pls_svd::CLASS];

// A file that answers for several classes.
pub(crate) use pls::CLASSES as PLS;
