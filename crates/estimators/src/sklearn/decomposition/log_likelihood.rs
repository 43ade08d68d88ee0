//! `score_samples` of models that are a normal distribution: `PCA` and `FactorAnalysis`.
//!
//! `-(x - mean) precision (x - mean)' / 2 - (p ln 2 pi - ln |precision|) / 2`. The precision is computed
//! when it is first asked for: it is p by p, and who only transforms does without. Python inverts and
//! takes determinants by LAPACK, so scores agree to the rounding of its factors.

use std::sync::OnceLock;

use kernels::blas::matrix_product;
use kernels::factorizations::Lu;
use kernels::rows;

use crate::{Block, DataError, Matrix, Nan, Output, State};

/// A normal distribution whose precision is yet to be computed from `T`.
#[derive(Debug)]
pub(super) struct LogLikelihood<T> {
    parameters: T,
    mean: Vec<f64>,
    distribution: OnceLock<Option<Distribution>>,
}

/// What the precision is computed from.
pub(super) trait Precise {
    /// The p by p precision; `None` if a matrix on the way to it is singular.
    fn precision(&self) -> Option<Matrix>;
}

#[derive(Debug)]
struct Distribution {
    /// The precision, transposed.
    precision: Matrix,
    constant: f64,
}

impl<T: Precise> LogLikelihood<T> {
    /// `None` if the precision would be larger than the file allows.
    pub(super) fn new(state: &State<'_>, parameters: T, mean: Vec<f64>) -> Option<Self> {
        let p = mean.len();
        state.charge(p.saturating_mul(p).saturating_mul(16)).ok()?;
        Some(Self { parameters, mean, distribution: OnceLock::new() })
    }

    pub(super) fn score_samples(&self, input: Block) -> Result<Output, DataError> {
        let p = self.mean.len();
        let mut x = input.into_dense(p)?;
        x.check_finite(Nan::Refused)?;
        let distribution = self.distribution.get_or_init(|| Distribution::new(&self.parameters, p));
        let Some(Distribution { precision, constant }) = distribution else {
            return Err(DataError::block("the covariance of the model is singular"));
        };
        x.map_columns(|j, column| column.iter_mut().for_each(|x| *x -= self.mean[j]));
        let mut products = matrix_product(&x.slices(), precision.rows(), x.n_rows());
        for (product, column) in products.iter_mut().zip(x.columns()) {
            product.iter_mut().zip(column.iter()).for_each(|(y, x)| *y *= x);
        }
        let mut scores = rows::sums(&products);
        scores.iter_mut().for_each(|sum| *sum = -0.5 * *sum - constant);
        Ok(Output::floats(scores))
    }
}

impl Distribution {
    fn new(parameters: &impl Precise, p: usize) -> Option<Self> {
        let precision = parameters.precision()?;
        let determinant =
            Lu::new(precision.data.clone(), p).map_or(f64::NEG_INFINITY, |it| it.log_determinant());
        let constant = 0.5 * (p as f64 * std::f64::consts::TAU.ln() - determinant);
        Some(Self { precision: precision.transposed(), constant })
    }
}
