//! What `NMF` and `LatentDirichletAllocation` accept: numbers from 0.

use crate::{Block, DataError, Precision};

/// Refuses a negative number.
pub(super) fn check_nonnegative(input: &Block) -> Result<(), DataError> {
    let refused = |row, column| {
        DataError::cell(row, column, "the value is negative, and the model accepts none")
    };
    match input {
        Block::Sparse(x) => {
            for row in 0..x.n_rows() {
                if let Some((column, _)) = x.row(row).find(|(_, x)| *x < 0.0) {
                    return Err(refused(row, column));
                }
            }
        }
        Block::Dense(x) => {
            for (column, values) in x.columns().iter().enumerate() {
                if let Some(row) = values.iter().position(|x| *x < 0.0) {
                    return Err(refused(row, column));
                }
            }
        }
        Block::Frame(_) => return check_nonnegative(&Block::Dense(input.clone().into_numbers()?)),
    }
    Ok(())
}

/// Refuses `float32` rows, with which Python would compute in `float32` or not at all.
pub(super) fn refuse_single(input: &Block) -> Result<(), DataError> {
    match input.precision() {
        Precision::Double => Ok(()),
        Precision::Single => Err(DataError::block("the rows are float32, the model is float64")),
    }
}
