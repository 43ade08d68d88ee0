//! Numerical kernels: trees, linear algebra, distances.

pub mod links;
pub mod sum;
pub mod trees;
