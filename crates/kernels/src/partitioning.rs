//! numpy's `argpartition` and `argsort`, whose choice among equal numbers depends on numpy's version.

pub use crate::vector_select::Sorted;
use crate::{select, vector_select};

/// The code of numpy's partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partitioning {
    /// Numbers are compared one by one: numpy 1.
    OneByOne,
    /// In vectors, on processors with AVX2: numpy 2.
    InVectors(Sorted),
}

impl Partitioning {
    /// The positions of the `k` smallest of `values`, the smallest first; at most all.
    #[must_use]
    pub fn smallest(self, values: &[f64], k: usize) -> Vec<usize> {
        match self {
            Self::OneByOne => select::smallest(values, k),
            Self::InVectors(sorted) => vector_select::smallest(values, k, sorted),
        }
    }

    /// `argpartition(values, k - 1)[:k]`: the positions of the `k` smallest of `values`; at most all.
    #[must_use]
    pub fn partitioned(self, values: &[f64], k: usize) -> Vec<usize> {
        match self {
            Self::OneByOne => select::partitioned(values, k),
            Self::InVectors(_) => vector_select::partitioned(values, k),
        }
    }
}
