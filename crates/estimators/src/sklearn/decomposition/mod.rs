//! `sklearn.decomposition`: rows as combinations of components.

mod pca;
mod projection;
mod truncated_svd;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[&truncated_svd::CLASS];

// A file that answers for several classes.
pub(crate) use pca::CLASSES as PCA;
