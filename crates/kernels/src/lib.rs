//! Numbers only: linear algebra, distances, trees and nets, on columns of rows. Knows no Python name.

pub mod bessel;
pub mod blas;
pub mod digamma;
pub mod distances;
pub mod einsum;
pub mod exp;
mod exp_table;
pub mod factorizations;
mod fused;
pub mod linear;
pub mod links;
pub mod mersenne_twister;
pub mod neighbors;
pub mod nonnegative;
pub mod normal;
pub mod pseudo_inverse;
pub mod row_product;
pub mod rows;
pub mod select;
pub mod sparse_codes;
pub mod splines;
pub mod sum;
pub mod support_vectors;
pub mod topics;
pub mod trees;
pub mod vector_select;
