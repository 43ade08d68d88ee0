//! Columns of numbers.

use std::sync::Arc;

use crate::{DataError, Dtype, Precision};

/// Columns of numbers of equal length.
pub type Columns = Vec<Arc<Vec<f64>>>;

/// A dense block of numbers, by columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dense {
    pub(super) n_rows: usize,
    pub(super) columns: Columns,
    /// `float64` unless a step made it another.
    pub dtype: Dtype,
}

impl Dense {
    /// Columns of `n_rows` numbers each.
    ///
    /// # Errors
    /// A column that has another length.
    pub fn new(n_rows: usize, columns: Vec<Vec<f64>>) -> Result<Self, DataError> {
        Self::from_columns(n_rows, columns.into_iter().map(Arc::new).collect())
    }

    /// Shared columns of `n_rows` numbers each.
    ///
    /// # Errors
    /// A column that has another length.
    pub fn from_columns(n_rows: usize, columns: Columns) -> Result<Self, DataError> {
        match columns.iter().find(|it| it.len() != n_rows) {
            Some(it) => {
                Err(DataError::block(format!("a column has {} rows, expected {n_rows}", it.len())))
            }
            None => Ok(Self { n_rows, columns, dtype: Dtype::Float64 }),
        }
    }

    /// `n_cols` columns of `n_rows` times `value`.
    #[must_use]
    pub fn filled(n_rows: usize, n_cols: usize, value: f64) -> Self {
        let columns = (0..n_cols).map(|_| Arc::new(vec![value; n_rows])).collect();
        Self { n_rows, columns, dtype: Dtype::Float64 }
    }

    /// Number of rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Number of columns.
    #[must_use]
    pub fn n_cols(&self) -> usize {
        self.columns.len()
    }

    /// One column.
    #[must_use]
    pub fn column(&self, index: usize) -> &[f64] {
        &self.columns[index]
    }

    /// In what to calculate with the numbers.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.dtype.precision()
    }

    /// One column, to change in place (copied first if shared). The numbers are floats from here on.
    pub fn column_mut(&mut self, index: usize) -> &mut [f64] {
        self.dtype = self.precision().into();
        Arc::<Vec<f64>>::make_mut(&mut self.columns[index])
    }

    /// All columns.
    #[must_use]
    pub fn columns(&self) -> &[Arc<Vec<f64>>] {
        &self.columns
    }

    /// All columns as slices, for the kernels.
    #[must_use]
    pub fn slices(&self) -> Vec<&[f64]> {
        self.columns.iter().map(|it| it.as_slice()).collect()
    }

    /// Gives the columns away.
    #[must_use]
    pub fn into_columns(self) -> Columns {
        self.columns
    }

    /// One row, written over `row`.
    pub fn copy_row(&self, index: usize, row: &mut Vec<f64>) {
        row.clear();
        row.extend(self.columns.iter().map(|it| it[index]));
    }

    /// Applies `change` to each value of each column; the column's index comes with it. The numbers are
    /// floats from here on.
    pub fn map_columns(&mut self, mut change: impl FnMut(usize, &mut [f64])) {
        self.dtype = self.precision().into();
        for (index, column) in self.columns.iter_mut().enumerate() {
            change(index, Arc::<Vec<f64>>::make_mut(column));
        }
    }

    /// Rounds every value to `float32` if the block is `float32`.
    pub fn round(&mut self) {
        if self.precision() == Precision::Double {
            return;
        }
        self.map_columns(|_, column| {
            for x in column {
                *x = f64::from(*x as f32);
            }
        });
    }

    /// Refuses what scikit-learn's `check_array` refuses: infinities, and NaN unless `nan` allows it.
    ///
    /// # Errors
    /// The first such cell, by column and then row.
    pub fn check_finite(&self, nan: Nan) -> Result<(), DataError> {
        for (index, column) in self.columns.iter().enumerate() {
            // Every value, without a branch: that runs on several at once.
            if column.iter().fold(true, |all, x| all & x.is_finite()) {
                continue;
            }
            for (row, x) in column.iter().enumerate() {
                nan.check(row, index, *x)?;
            }
        }
        Ok(())
    }
}

/// Whether a model accepts missing values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nan {
    /// NaN is a value like any other.
    Allowed,
    /// NaN is an error.
    Refused,
}

impl Nan {
    /// Refuses an infinite number, and NaN unless it is allowed.
    ///
    /// # Errors
    /// With the cell's row and column.
    pub fn check(self, row: usize, column: usize, x: f64) -> Result<(), DataError> {
        if x.is_nan() && self == Self::Refused {
            let text = "the value is missing (NaN), and the model accepts none; impute it first";
            return Err(DataError::cell(row, column, text));
        }
        if x.is_infinite() {
            let text = "the value is infinite, and the model accepts none";
            return Err(DataError::cell(row, column, text));
        }
        Ok(())
    }
}
