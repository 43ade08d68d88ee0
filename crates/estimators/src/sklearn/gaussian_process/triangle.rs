//! Solving with the Cholesky factor `L_` of a process, which is lower triangular.

use crate::{Matrix, ReadError, State};

#[derive(Debug)]
pub(super) struct Triangle(Matrix);

impl Triangle {
    /// The factor in `L_`, for `n` training rows.
    pub(super) fn read(state: &State<'_>, n: usize) -> Result<Self, ReadError> {
        state.matrix_of("L_", n, n).map(Self)
    }

    /// For each row the square of the length of `v` with `L v = k`; `values` has a column for each
    /// element of `k`.
    pub(super) fn squared_lengths(&self, values: &[Vec<f64>], n_rows: usize) -> Vec<f64> {
        let mut solved: Vec<Vec<f64>> = Vec::with_capacity(values.len());
        let mut lengths = vec![0.0; n_rows];
        for (column, factors) in values.iter().zip(self.0.rows()) {
            let mut v = column.clone();
            for (before, factor) in solved.iter().zip(factors) {
                v.iter_mut().zip(before).for_each(|(v, x)| *v -= factor * x);
            }
            let diagonal = factors[solved.len()];
            v.iter_mut().for_each(|v| *v /= diagonal);
            lengths.iter_mut().zip(&v).for_each(|(sum, v)| *sum += v * v);
            solved.push(v);
        }
        lengths
    }
}
