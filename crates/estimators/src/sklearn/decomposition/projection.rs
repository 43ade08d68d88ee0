//! `X @ matrix.T`: rows times a matrix that has a row per output.
//!
//! Python sums by a BLAS whose order of additions depends on the processor; here products are added in
//! column order. Sparse rows are added in stored order, as scipy does.

use kernels::distances::products;

use crate::{Block, Csr, DataError, Dense, Matrix, Nan, Precision};

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
        let Matrix { n_rows, n_cols, data } = &self.matrix;
        let mut turned = Vec::with_capacity(data.len());
        for column in 0..*n_cols {
            turned.extend((0..*n_rows).map(|row| {
                let x = data[row * n_cols + column];
                factors.map_or(x, |it| it[row] * x)
            }));
        }
        let matrix = Matrix { n_rows: *n_cols, n_cols: *n_rows, data: turned };
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
                products(&x.slices(), self.matrix.rows(), n_rows)
            }
        };
        let mut result = Dense::new(n_rows, columns)?;
        result.precision = if single { Precision::Single } else { Precision::Double };
        result.round();
        Ok(result)
    }

    /// The product with one row.
    pub(super) fn apply_row(&self, row: &[f64]) -> Vec<f64> {
        let product =
            |weights: &[f64]| weights.iter().zip(row).fold(0.0, |sum, (w, x)| sum + x * w);
        self.matrix.rows().map(product).collect()
    }

    fn sparse(&self, x: &Csr) -> Vec<Vec<f64>> {
        let sums = self.matrix.rows().map(|weights| {
            let sum = |row| x.row(row).fold(0.0, |sum, (column, x)| sum + x * weights[column]);
            (0..x.n_rows()).map(sum).collect()
        });
        sums.collect()
    }
}
