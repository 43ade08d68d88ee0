//! Sparse rows.

use crate::{DataError, Dtype, Nan, Precision};

/// A sparse matrix by rows. Within a row, columns may come in any order, once each.
#[derive(Debug, Clone, PartialEq)]
pub struct Csr {
    n_cols: usize,
    /// Start of each row in `indices` and `values`, and the end of the last: rows + 1 numbers.
    starts: Vec<usize>,
    indices: Vec<u32>,
    values: Vec<f64>,
    /// `float64` unless a step made it another.
    pub dtype: Dtype,
}

impl Csr {
    /// No rows yet, `n_cols` columns.
    #[must_use]
    pub fn new(n_cols: usize) -> Self {
        Self {
            n_cols,
            starts: vec![0],
            indices: Vec::new(),
            values: Vec::new(),
            dtype: Dtype::Float64,
        }
    }

    /// Room for `rows` rows and `stored` values.
    pub fn reserve(&mut self, rows: usize, stored: usize) {
        self.starts.reserve(rows);
        self.indices.reserve(stored);
        self.values.reserve(stored);
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

    /// In what to calculate with the numbers.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.dtype.precision()
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

    /// The stored values, to change in place. They are floats from here on.
    pub fn values_mut(&mut self) -> &mut [f64] {
        self.dtype = self.precision().into();
        &mut self.values
    }

    /// The stored values with their columns, to change in place. They are floats from here on.
    pub fn entries_mut(&mut self) -> impl Iterator<Item = (usize, &mut f64)> {
        self.dtype = self.precision().into();
        self.indices.iter().map(|&it| it as usize).zip(&mut self.values)
    }

    /// Rounds every stored value to `float32` if the rows are `float32`.
    pub fn round(&mut self) {
        if self.precision() == Precision::Single {
            self.values.iter_mut().for_each(|x| *x = f64::from(*x as f32));
        }
    }

    /// Refuses infinities, and NaN unless `nan` allows it, as [`crate::Dense::check_finite`] does.
    ///
    /// # Errors
    /// The first such cell, by row.
    pub fn check_finite(&self, nan: Nan) -> Result<(), DataError> {
        let probe: f64 = self.values.iter().map(|x| x * 0.0).sum();
        if !probe.is_nan() {
            return Ok(());
        }
        (0..self.n_rows())
            .flat_map(|row| self.row(row).map(move |(column, x)| (row, column, x)))
            .try_for_each(|(row, column, x)| nan.check(row, column, x))
    }
}
