//! `check_array(X, dtype=None)`: numbers must be finite and nothing may be missing, but text is let through.

use crate::{Block, Column, DataError, Nan};

/// Refuses missing cells and, unless there are texts among them, infinite numbers.
pub(super) fn check_finite_input(input: &Block) -> Result<(), DataError> {
    match input {
        Block::Dense(it) => it.check_finite(Nan::Refused),
        Block::Sparse(it) => it.check_finite(Nan::Refused),
        Block::Frame(it) => {
            it.columns().iter().enumerate().try_for_each(|(j, column)| check_column(j, column))
        }
    }
}

fn check_column(index: usize, column: &Column) -> Result<(), DataError> {
    let missing = match column {
        Column::Number(it, _) => it.iter().position(|x| x.is_nan()),
        Column::Text(it) => it.iter().position(|cell| cell.is_none()),
    };
    let text = "the value is missing (NaN), and the model accepts none; impute it first";
    missing.map_or(Ok(()), |row| Err(DataError::cell(row, index, text)))
}
