//! Numerical kernels: trees, linear algebra, distances.

pub mod trees;
