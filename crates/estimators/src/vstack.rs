//! Outputs below one another: a block's results from those of its runs of rows.

use std::sync::Arc;

use crate::{Block, Column, Csr, DataError, Dense, Frame, Output, TextColumn, Values};

impl Output {
    /// The results of consecutive runs of rows as those of all rows.
    ///
    /// # Errors
    /// Results of different shapes or types.
    pub fn vstack(parts: Vec<Self>) -> Result<Self, DataError> {
        let mut parts = parts.into_iter();
        let first = parts.next().ok_or_else(differ)?;
        parts.try_fold(first, Self::below)
    }

    fn below(self, next: Self) -> Result<Self, DataError> {
        Ok(match (self, next) {
            (Self::Vector(a), Self::Vector(b)) => Self::Vector(values(a, b)?),
            (Self::Columns(a), Self::Columns(b)) => Self::Columns(each(a, b, values)?),
            (Self::Block(a), Self::Block(b)) => Self::Block(block(a, b)?),
            (Self::PerOutput(a), Self::PerOutput(b)) => Self::PerOutput(each(a, b, dense)?),
            (Self::Parts(a), Self::Parts(b)) => {
                Self::Parts(each(a, b, |(name, a), (_, b)| Ok((name, a.below(b)?)))?)
            }
            _ => return Err(differ()),
        })
    }
}

fn differ() -> DataError {
    DataError::block("the results of one run of rows have another shape than those of the next")
}

/// Pair by pair, through `join`.
fn each<T>(
    first: Vec<T>,
    second: Vec<T>,
    join: impl Fn(T, T) -> Result<T, DataError>,
) -> Result<Vec<T>, DataError> {
    if first.len() != second.len() {
        return Err(differ());
    }
    first.into_iter().zip(second).map(|(a, b)| join(a, b)).collect()
}

fn append<T>(mut first: Vec<T>, second: Vec<T>) -> Vec<T> {
    first.extend(second);
    first
}

fn values(first: Values, second: Values) -> Result<Values, DataError> {
    Ok(match (first, second) {
        (Values::Float(a), Values::Float(b)) => Values::Float(append(a, b)),
        (Values::Float32(a), Values::Float32(b)) => Values::Float32(append(a, b)),
        (Values::Int(a), Values::Int(b)) => Values::Int(append(a, b)),
        (Values::Bool(a), Values::Bool(b)) => Values::Bool(append(a, b)),
        (Values::Labels(a, classes), Values::Labels(b, _)) => Values::Labels(append(a, b), classes),
        (Values::Text(a), Values::Text(b)) => Values::Text(texts(a, &b)),
        _ => return Err(differ()),
    })
}

fn block(first: Block, second: Block) -> Result<Block, DataError> {
    Ok(match (first, second) {
        (Block::Dense(a), Block::Dense(b)) => Block::Dense(dense(a, b)?),
        (Block::Frame(a), Block::Frame(b)) => Block::Frame(frame(&a, &b)?),
        (Block::Sparse(a), Block::Sparse(b)) => Block::Sparse(sparse(a, &b)?),
        _ => return Err(differ()),
    })
}

fn dense(first: Dense, second: Dense) -> Result<Dense, DataError> {
    let n_rows = first.n_rows() + second.n_rows();
    let dtype = first.dtype.promote(second.dtype);
    let columns = each(first.into_columns(), second.into_columns(), |a, b| Ok(numbers(a, &b)))?;
    let mut joined = Dense::from_columns(n_rows, columns)?;
    joined.dtype = dtype;
    Ok(joined)
}

fn frame(first: &Frame, second: &Frame) -> Result<Frame, DataError> {
    let n_rows = first.n_rows() + second.n_rows();
    let columns = each(first.columns().to_vec(), second.columns().to_vec(), |a, b| match (a, b) {
        (Column::Number(a, dtype), Column::Number(b, other)) => {
            Ok(Column::Number(numbers(a, &b), dtype.promote(other)))
        }
        (Column::Text(a), Column::Text(b)) => Ok(Column::Text(texts(a, &b))),
        _ => Err(differ()),
    })?;
    Frame::new(n_rows, columns)
}

fn sparse(mut first: Csr, second: &Csr) -> Result<Csr, DataError> {
    if first.n_cols() != second.n_cols() {
        return Err(differ());
    }
    first.dtype = first.dtype.promote(second.dtype);
    for row in 0..second.n_rows() {
        second.row(row).for_each(|(column, value)| first.push(column, value));
        first.end_row();
    }
    Ok(first)
}

fn numbers(first: Arc<Vec<f64>>, second: &[f64]) -> Arc<Vec<f64>> {
    let mut all = Arc::unwrap_or_clone(first);
    all.extend_from_slice(second);
    Arc::new(all)
}

fn texts(first: Arc<TextColumn>, second: &TextColumn) -> Arc<TextColumn> {
    let mut all = Arc::unwrap_or_clone(first);
    second.iter().for_each(|cell| all.push(cell));
    Arc::new(all)
}
