//! Products of the small matrices that models hold, in the order OpenBLAS adds them: see
//! `kernels::linear::add_fused`.

use crate::Matrix;

impl Matrix {
    /// `self @ other.T`.
    pub(super) fn times_transposed(&self, other: &Self) -> Self {
        let product =
            |a: &[f64], b: &[f64]| a.iter().zip(b).fold(0.0, |sum: f64, (x, y)| x.mul_add(*y, sum));
        let data = self.rows().flat_map(|a| other.rows().map(move |b| product(a, b)));
        Self { n_rows: self.n_rows, n_cols: other.n_rows, data: data.collect() }
    }

    /// Adds `values` to the diagonal.
    pub(super) fn add_to_diagonal(&mut self, values: impl Iterator<Item = f64>) {
        for (i, value) in values.enumerate().take(self.n_rows) {
            self.data[i * self.n_cols + i] += value;
        }
    }

    /// `change(row, column, value)` of every value.
    pub(super) fn map(mut self, change: impl Fn(usize, usize, f64) -> f64) -> Self {
        let n_cols = self.n_cols.max(1);
        for (at, x) in self.data.iter_mut().enumerate() {
            *x = change(at / n_cols, at % n_cols, *x);
        }
        self
    }
}
