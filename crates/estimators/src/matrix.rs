//! Matrices in a model's attributes.

/// A matrix from a file, by rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// Number of rows.
    pub n_rows: usize,
    /// Number of columns.
    pub n_cols: usize,
    /// The values, row after row.
    pub data: Vec<f64>,
}

impl Matrix {
    /// One row.
    #[must_use]
    pub fn row(&self, index: usize) -> &[f64] {
        &self.data[index * self.n_cols..(index + 1) * self.n_cols]
    }

    /// The matrix with rows and columns exchanged.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let column = |at: usize| (0..self.n_rows).map(move |row| self.data[row * self.n_cols + at]);
        let data = (0..self.n_cols).flat_map(column).collect();
        Self { n_rows: self.n_cols, n_cols: self.n_rows, data }
    }

    /// The rows, in order. A matrix without columns has no rows to give.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> + Clone {
        self.data.chunks_exact(self.n_cols.max(1))
    }
}
