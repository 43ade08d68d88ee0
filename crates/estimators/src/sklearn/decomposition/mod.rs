//! `sklearn.decomposition`: rows as combinations of components.

mod dictionary;
mod factor_analysis;
mod fast_ica;
mod kernel_pca;
mod latent_dirichlet_allocation;
mod log_likelihood;
mod matrix;
mod nmf;
mod nonnegative_rows;
mod pca;
mod projection;
mod sparse_pca;
mod truncated_svd;

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &factor_analysis::CLASS,
    &fast_ica::CLASS,
    &kernel_pca::CLASS,
    &latent_dirichlet_allocation::CLASS,
    &truncated_svd::CLASS,
];

// Files that answer for several classes.
pub(crate) use dictionary::CLASSES as DICTIONARIES;
pub(crate) use nmf::CLASSES as NMF;
pub(crate) use pca::CLASSES as PCA;
pub(crate) use sparse_pca::CLASSES as SPARSE_PCA;
