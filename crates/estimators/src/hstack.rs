//! Blocks side by side, as numpy's and scipy's `hstack` put them.

use std::sync::Arc;

use crate::{Block, Column, Csr, DataError, Dense, Dtype, Frame};

/// What the blocks become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Columns; sparse blocks are written out.
    Dense,
    /// Sparse rows; zeros of dense blocks are left out.
    Sparse,
}

impl Block {
    /// Blocks of `n_rows` rows side by side. The result is of the type that holds the numbers of all.
    ///
    /// # Errors
    /// Text that is not a number, if the result is sparse; another number of rows.
    pub fn hstack(blocks: Vec<Self>, n_rows: usize, layout: Layout) -> Result<Self, DataError> {
        if let Some(it) = blocks.iter().find(|it| it.n_rows() != n_rows) {
            let found = it.n_rows();
            return Err(DataError::block(format!("a part has {found} rows, expected {n_rows}")));
        }
        match layout {
            Layout::Sparse => hstack_sparse(blocks, n_rows).map(Self::Sparse),
            Layout::Dense if blocks.iter().any(|it| matches!(it, Self::Frame(_))) => {
                let mut columns = Vec::new();
                for block in blocks {
                    columns.extend(into_columns(block)?);
                }
                Frame::new(n_rows, columns).map(Self::Frame)
            }
            Layout::Dense => hstack_dense(blocks, n_rows).map(Self::Dense),
        }
    }
}

fn hstack_dense(blocks: Vec<Block>, n_rows: usize) -> Result<Dense, DataError> {
    let dtype = Dtype::common(blocks.iter().map(Block::dtype));
    let mut columns = Vec::new();
    for block in blocks {
        columns.extend(block.into_numbers()?.into_columns());
    }
    let mut dense = Dense::from_columns(n_rows, columns)?;
    dense.dtype = dtype;
    Ok(dense)
}

fn into_columns(block: Block) -> Result<Vec<Column>, DataError> {
    match block {
        Block::Frame(it) => Ok(it.columns().to_vec()),
        numbers => {
            let numbers = numbers.into_numbers()?;
            let dtype = numbers.dtype;
            let column = |it| Column::Number(it, dtype);
            Ok(numbers.into_columns().into_iter().map(column).collect())
        }
    }
}

fn hstack_sparse(blocks: Vec<Block>, n_rows: usize) -> Result<Csr, DataError> {
    let mut stacked = Csr::new(blocks.iter().map(Block::n_cols).sum());
    stacked.dtype = Dtype::common(blocks.iter().map(Block::dtype));
    let mut parts = Vec::with_capacity(blocks.len());
    for block in blocks {
        parts.push(match block {
            Block::Sparse(_) => block,
            other => Block::Dense(other.into_numbers()?),
        });
    }
    let stored = |it: &Block| match it {
        Block::Sparse(it) => it.n_stored(),
        other => other.n_cols() * n_rows,
    };
    stacked.reserve(n_rows, parts.iter().map(stored).sum());
    for row in 0..n_rows {
        let mut start = 0;
        for part in &parts {
            push_row(&mut stacked, part, row, start);
            start += part.n_cols();
        }
        stacked.end_row();
    }
    Ok(stacked)
}

fn push_row(stacked: &mut Csr, part: &Block, row: usize, start: usize) {
    match part {
        Block::Sparse(it) => {
            it.row(row).for_each(|(column, value)| stacked.push(start + column, value));
        }
        Block::Dense(it) => push_dense_row(stacked, it.columns(), row, start),
        Block::Frame(_) => {}
    }
}

fn push_dense_row(stacked: &mut Csr, columns: &[Arc<Vec<f64>>], row: usize, start: usize) {
    for (column, values) in columns.iter().enumerate() {
        let value = values[row];
        if value != 0.0 {
            stacked.push(start + column, value);
        }
    }
}
