//! Support vector machines: sums over support vectors of a weight times a kernel function, in the order
//! of libsvm's `svm_predict_values` (B. Chang and C.-J. Lin, 2001).
//!
//! Every sum runs over the support vectors in their order, and every inner product or distance over the
//! features as [`DotOrder`] says; so results are libsvm's, bit for bit, if its BLAS adds that way.

mod coupling;
mod dense;
mod sparse;

pub use coupling::{couple, platt};
pub use dense::DenseVectors;
pub use sparse::SparseVectors;

use crate::exp::exp_all;
use crate::fused::Work;

/// The kernel function.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kernel {
    /// `x · v`
    Linear,
    /// `(gamma * x · v + coef0) ^ degree`
    Polynomial {
        /// Factor of the inner product.
        gamma: f64,
        /// Added to it.
        coef0: f64,
        /// Exponent; below 1 the function is 1.
        degree: i32,
    },
    /// `exp(-gamma * |x - v|^2)`
    Rbf {
        /// Factor of the squared distance.
        gamma: f64,
    },
    /// `tanh(gamma * x · v + coef0)`
    Sigmoid {
        /// Factor of the inner product.
        gamma: f64,
        /// Added to it.
        coef0: f64,
    },
}

impl Kernel {
    /// Inner products (squared distances for `Rbf`) become the function's values.
    #[inline(always)]
    fn apply(self, values: &mut [f64]) {
        match self {
            Self::Linear => {}
            Self::Polynomial { gamma, coef0, degree } => {
                values.iter_mut().for_each(|x| *x = power(gamma * *x + coef0, degree));
            }
            Self::Rbf { gamma } => {
                values.iter_mut().for_each(|x| *x *= -gamma);
                exp_all(values);
            }
            Self::Sigmoid { gamma, coef0 } => {
                values.iter_mut().for_each(|x| *x = (gamma * *x + coef0).tanh());
            }
        }
    }
}

/// Applies a kernel function.
struct Apply<'a> {
    kernel: Kernel,
    values: &'a mut [f64],
}

impl Work for Apply<'_> {
    #[inline(always)]
    fn run(self) {
        self.kernel.apply(self.values);
    }
}

/// By squaring, as libsvm's `powi`.
#[inline(always)]
fn power(mut base: f64, exponent: i32) -> f64 {
    let mut result = 1.0;
    let mut left = exponent.max(0);
    while 0 < left {
        if left % 2 == 1 {
            result *= base;
        }
        base *= base;
        left /= 2;
    }
    result
}

/// In which order products are added over the features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DotOrder {
    /// One after the other.
    Sequential,
    /// As OpenBLAS's `ddot` for processors with AVX2: sixteen sums of fused steps over the features that
    /// fill whole sixteens, folded, and then the rest one after the other. Below 16 features that is
    /// `Sequential`.
    Blas,
}

/// Which sums a support vector adds to, and with which weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Contributions {
    n_sums: usize,
    per_vector: usize,
    terms: Vec<(usize, f64)>,
}

impl Contributions {
    /// `per_vector` terms (sum, weight) for each vector in turn. `None` unless every sum is below
    /// `n_sums` and `per_vector` divides the terms.
    #[must_use]
    pub fn new(n_sums: usize, per_vector: usize, terms: Vec<(usize, f64)>) -> Option<Self> {
        let fits = 0 < per_vector
            && terms.len().is_multiple_of(per_vector)
            && terms.iter().all(|(sum, _)| *sum < n_sums);
        fits.then_some(Self { n_sums, per_vector, terms })
    }

    /// Number of vectors.
    #[must_use]
    pub fn n_vectors(&self) -> usize {
        self.terms.len() / self.per_vector
    }

    fn empty_sums(&self, n_rows: usize) -> Vec<Vec<f64>> {
        vec![vec![0.0; n_rows]; self.n_sums]
    }

    #[inline(always)]
    fn by_vector(&self) -> impl Iterator<Item = &[(usize, f64)]> {
        self.terms.chunks_exact(self.per_vector)
    }

    /// Adds one row's kernel values to its sums.
    fn add_row(&self, values: &[f64], row: usize, sums: &mut [Vec<f64>]) {
        for (value, terms) in values.iter().zip(self.by_vector()) {
            for &(sum, weight) in terms {
                sums[sum][row] += weight * value;
            }
        }
    }
}
