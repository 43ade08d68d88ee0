//! Sparse rows.

/// A sparse matrix by rows. Within a row, columns may come in any order, once each.
#[derive(Debug, Clone, PartialEq)]
pub struct Csr {
    n_cols: usize,
    /// Start of each row in `indices` and `values`, and the end of the last: rows + 1 numbers.
    starts: Vec<usize>,
    indices: Vec<u32>,
    values: Vec<f64>,
}

impl Csr {
    /// No rows yet, `n_cols` columns.
    #[must_use]
    pub fn new(n_cols: usize) -> Self {
        Self { n_cols, starts: vec![0], indices: Vec::new(), values: Vec::new() }
    }

    /// Adds a stored value to the row being built. The caller keeps `column < n_cols`.
    pub fn push(&mut self, column: usize, value: f64) {
        debug_assert!(column < self.n_cols);
        self.indices.push(column as u32);
        self.values.push(value);
    }

    /// Ends the row being built.
    pub fn end_row(&mut self) {
        self.starts.push(self.indices.len());
    }

    /// Number of finished rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.starts.len() - 1
    }

    /// Number of columns.
    #[must_use]
    pub fn n_cols(&self) -> usize {
        self.n_cols
    }

    /// Number of stored values.
    #[must_use]
    pub fn n_stored(&self) -> usize {
        self.values.len()
    }

    /// Columns and values stored in a row, in stored order.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.starts[row]..self.starts[row + 1];
        let columns = self.indices[range.clone()].iter().map(|&it| it as usize);
        columns.zip(self.values[range].iter().copied())
    }

    /// The stored values, to change in place.
    pub fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    /// The stored values with their columns, to change in place.
    pub fn entries_mut(&mut self) -> impl Iterator<Item = (usize, &mut f64)> {
        self.indices.iter().map(|&it| it as usize).zip(&mut self.values)
    }
}
