//! Numerical kernels: trees, linear algebra, distances.
