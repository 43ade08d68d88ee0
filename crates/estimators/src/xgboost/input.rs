//! Rows as XGBoost sees them: `float32`, and NaN where a value is missing.
//!
//! A cell that sparse rows do not store is missing, not 0.

use super::learner::Learner;
use crate::{Block, DataError, Dense, Dtype, Output};

/// The columns of a block; besides NaN, cells equal to `missing` are missing.
pub(super) fn columns(
    input: Block,
    learner: &Learner,
    missing: Option<f32>,
) -> Result<Dense, DataError> {
    let n_features = learner.n_features;
    input.check_width(n_features)?;
    let mut x = match learner.categories.encode(input)? {
        Block::Sparse(rows) => {
            let mut columns = vec![vec![f64::NAN; rows.n_rows()]; n_features];
            let row = |i: usize| rows.row(i).map(move |(column, value)| (column, i, value));
            for (column, i, value) in (0..rows.n_rows()).flat_map(row) {
                columns[column][i] = value;
            }
            Dense::new(rows.n_rows(), columns)?
        }
        block => block.into_dense(n_features)?,
    };
    if let Some(missing) = missing {
        x.map_columns(|_, column| {
            for x in column.iter_mut().filter(|x| **x as f32 == missing) {
                *x = f64::NAN;
            }
        });
    }
    Ok(x)
}

/// Refuses what a `DMatrix` refuses: infinities, and what is one as `float32`.
pub(super) fn check_finite(x: &Dense) -> Result<(), DataError> {
    for (j, column) in x.columns().iter().enumerate() {
        if let Some(row) = column.iter().position(|x| (*x as f32).is_infinite()) {
            let text = "the value is infinite as float32, and the model accepts none";
            return Err(DataError::cell(row, j, text));
        }
    }
    Ok(())
}

/// A `float32` matrix.
pub(super) fn matrix(n_rows: usize, columns: Vec<Vec<f32>>) -> Result<Output, DataError> {
    let wide = |column: Vec<f32>| column.into_iter().map(f64::from).collect();
    let mut matrix = Dense::new(n_rows, columns.into_iter().map(wide).collect())?;
    matrix.dtype = Dtype::Float32;
    Ok(Output::dense(matrix))
}
