//! `X @ matrix.T`: rows times a matrix that has a row per output.
//!
//! Products are added in column order by fused steps, as OpenBLAS adds those of several rows (a row alone
//! or a single component goes through other code of its, and agrees to the rounding of the sum). Sparse
//! rows are added in stored order, as scipy does.

use kernels::blas::matrix_product;
use kernels::linear::add_fused_f32;
use kernels::row_product::row_product;

use crate::{Block, Csr, DataError, Dense, Dtype, Matrix, Nan, Precision};

#[derive(Debug)]
pub(super) struct Projection {
    matrix: Matrix,
    precision: Precision,
}

impl Projection {
    pub(super) fn new(matrix: Matrix, precision: Precision) -> Self {
        Self { matrix, precision }
    }

    pub(super) fn n_in(&self) -> usize {
        self.matrix.n_cols
    }

    pub(super) fn n_out(&self) -> usize {
        self.matrix.n_rows
    }

    /// The way back: the transposed matrix, row `i` times `factors[i]` first.
    pub(super) fn transposed(&self, factors: Option<&[f64]>) -> Self {
        let scaled = self.matrix.clone().map(|i, _, x| factors.map_or(x, |it| it[i] * x));
        let matrix = scaled.transposed();
        Self { matrix, precision: self.precision }
    }

    /// The product with rows that are finite.
    pub(super) fn apply(&self, input: Block) -> Result<Dense, DataError> {
        input.check_width(self.n_in())?;
        let n_rows = input.n_rows();
        let single = input.precision() == Precision::Single && self.precision == Precision::Single;
        let columns = match input {
            Block::Sparse(x) => {
                x.check_finite(Nan::Refused)?;
                self.sparse(&x)
            }
            dense => {
                let x = dense.into_numbers()?;
                x.check_finite(Nan::Refused)?;
                self.dense(&x.slices(), n_rows, single)
            }
        };
        let mut result = Dense::new(n_rows, columns)?;
        result.dtype = if single { Dtype::Float32 } else { Dtype::Float64 };
        result.round();
        Ok(result)
    }

    fn dense(&self, columns: &[&[f64]], n_rows: usize, single: bool) -> Vec<Vec<f64>> {
        if !single {
            return matrix_product(columns, self.matrix.rows(), n_rows);
        }
        let sums = self.matrix.rows().map(|weights| {
            let mut sums = vec![0.0; n_rows];
            add_fused_f32(columns, weights, &mut sums);
            sums
        });
        sums.collect()
    }

    /// The product with one row.
    pub(super) fn apply_row(&self, row: &[f64]) -> Vec<f64> {
        row_product(row, self.matrix.rows())
    }

    fn sparse(&self, x: &Csr) -> Vec<Vec<f64>> {
        let sums = self.matrix.rows().map(|weights| {
            let sum = |row| x.row(row).fold(0.0, |sum, (column, x)| sum + x * weights[column]);
            (0..x.n_rows()).map(sum).collect()
        });
        sums.collect()
    }
}
