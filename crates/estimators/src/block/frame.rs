//! Columns of numbers and text.

use std::sync::Arc;

use super::{Columns, Dense};
use crate::{DataError, Dtype, TextColumn};

/// One column of a mixed block.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers and their type; missing is NaN.
    Number(Arc<Vec<f64>>, Dtype),
    /// Text.
    Text(Arc<TextColumn>),
}

/// Columns of numbers and text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frame {
    pub(super) n_rows: usize,
    pub(super) columns: Vec<Column>,
}

impl Frame {
    /// Columns of `n_rows` cells each.
    ///
    /// # Errors
    /// A column that has another length.
    pub fn new(n_rows: usize, columns: Vec<Column>) -> Result<Self, DataError> {
        let len = |it: &Column| match it {
            Column::Number(it, _) => it.len(),
            Column::Text(it) => it.len(),
        };
        match columns.iter().find(|it| len(it) != n_rows) {
            Some(it) => {
                Err(DataError::block(format!("a column has {} rows, expected {n_rows}", len(it))))
            }
            None => Ok(Self { n_rows, columns }),
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The type that holds the numbers of all columns; text is read as `float64`.
    pub(super) fn dtype(&self) -> Dtype {
        Dtype::common(self.columns.iter().map(|it| match it {
            Column::Number(_, dtype) => *dtype,
            Column::Text(_) => Dtype::Float64,
        }))
    }
}

pub(super) fn to_dense(frame: &Frame) -> Result<Dense, DataError> {
    let mut columns = Columns::with_capacity(frame.columns.len());
    for (index, column) in frame.columns.iter().enumerate() {
        columns.push(match column {
            Column::Number(it, _) => Arc::clone(it),
            Column::Text(it) => Arc::new(parse_column(it, index)?),
        });
    }
    let mut dense = Dense::from_columns(frame.n_rows, columns)?;
    dense.dtype = frame.dtype();
    Ok(dense)
}

fn parse_column(column: &TextColumn, index: usize) -> Result<Vec<f64>, DataError> {
    let parse = |(row, cell): (usize, Option<&str>)| match cell {
        None => Ok(f64::NAN),
        Some("True" | "true" | "TRUE") => Ok(1.0),
        Some("False" | "false" | "FALSE") => Ok(0.0),
        Some(it) => it
            .trim()
            .parse()
            .map_err(|_| DataError::cell(row, index, format!("{it:?} is not a number"))),
    };
    column.iter().enumerate().map(parse).collect()
}
