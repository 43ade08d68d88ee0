//! What scikit-learn's trees do to rows first: `check_array(X, dtype=float32)`.
//!
//! Numbers are rounded to `float32`, and what is infinite then is refused, so a finite number beyond
//! 3.4e38 is refused too. Missing values are refused in sparse rows, and in dense ones unless the model
//! takes them.

use crate::{Block, DataError, Dense, Nan};

/// The block as columns of numbers that are finite as `float32`, or missing where `nan` allows it.
/// The numbers themselves stay `f64`; the kernels round them.
pub(crate) fn float32_input(input: Block, n_features: usize, nan: Nan) -> Result<Dense, DataError> {
    let nan = if matches!(input, Block::Sparse(_)) { Nan::Refused } else { nan };
    let x = input.into_dense(n_features)?;
    for (index, column) in x.columns().iter().enumerate() {
        // One pass without branches per value: NaN and infinity survive a sum of zeros.
        let probe: f32 = column.iter().map(|&x| x as f32 * 0.0).sum();
        if probe.is_nan() {
            check_column(index, column, nan)?;
        }
    }
    Ok(x)
}

fn check_column(index: usize, column: &[f64], nan: Nan) -> Result<(), DataError> {
    for (row, &x) in column.iter().enumerate() {
        if x.is_nan() && nan == Nan::Refused {
            let text = "the value is missing (NaN), and the model accepts none; impute it first";
            return Err(DataError::cell(row, index, text));
        }
        if (x as f32).is_infinite() {
            let text = format!("{x:?} is infinite or too large for float32, which the model needs");
            return Err(DataError::cell(row, index, text));
        }
    }
    Ok(())
}
