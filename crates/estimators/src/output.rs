//! What a method returns.

use std::sync::Arc;

use crate::{Block, Classes, Column, DataError, Dense, Dtype, TextColumn};

/// One column of results.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// `float64`.
    Float(Vec<f64>),
    /// `float32`.
    Float32(Vec<f32>),
    /// Integers: cluster numbers, outlier signs, leaf indices.
    Int(Vec<i64>),
    /// Booleans.
    Bool(Vec<bool>),
    /// Class labels: for each row its index in the classes.
    Labels(Vec<u32>, Classes),
    /// Text.
    Text(Arc<TextColumn>),
}

impl Values {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Float(it) => it.len(),
            Self::Float32(it) => it.len(),
            Self::Int(it) => it.len(),
            Self::Bool(it) => it.len(),
            Self::Labels(it, _) => it.len(),
            Self::Text(it) => it.len(),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What a method returns for a block of rows, in row order.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// One value per row, shape `(n,)`.
    Vector(Values),
    /// Several values per row, shape `(n, k)`, one type per column.
    Columns(Vec<Values>),
    /// Several numbers per row, shape `(n, k)`: features, probabilities, decision values.
    Block(Block),
    /// One matrix per output of a multi-output classifier: a list of shape `(n, k_i)`.
    PerOutput(Vec<Dense>),
    /// Several results for each row, each with the end of its columns' names: the distances and indices
    /// of `kneighbors`, a prediction (its name is empty) and its standard deviation.
    Parts(Vec<(&'static str, Output)>),
}

impl Output {
    /// One float per row.
    #[must_use]
    pub fn floats(values: Vec<f64>) -> Self {
        Self::Vector(Values::Float(values))
    }

    /// The rows for a next step.
    ///
    /// # Errors
    /// Results that no step can take: one matrix per output.
    pub fn into_block(self) -> Result<Block, DataError> {
        match self {
            Self::Block(it) => matrix(it),
            Self::Vector(it) => values_block(vec![it]),
            Self::Columns(it) => values_block(it),
            Self::PerOutput(_) | Self::Parts(_) => {
                Err(DataError::block("the results are several matrices"))
            }
        }
    }

    /// A dense matrix.
    #[must_use]
    pub fn dense(values: Dense) -> Self {
        Self::Block(Block::Dense(values))
    }
}

/// Values as a block: of numbers of one type if all are numbers, as numpy stacks them; else of numbers
/// and text.
fn values_block(values: Vec<Values>) -> Result<Block, DataError> {
    let n_rows = values.first().map_or(0, Values::len);
    matrix(Block::of_columns(n_rows, values.into_iter().map(values_column).collect())?)
}

/// A frame of numbers only as a matrix.
fn matrix(block: Block) -> Result<Block, DataError> {
    let number = |it: &Column| matches!(it, Column::Number(..));
    match block {
        Block::Frame(it) if it.columns().iter().all(number) => {
            Block::Frame(it).into_numbers().map(Block::Dense)
        }
        other => Ok(other),
    }
}

fn values_column(values: Values) -> Column {
    let number = |it: Vec<f64>, dtype| Column::Number(Arc::new(it), dtype);
    match values {
        Values::Float(it) => number(it, Dtype::Float64),
        Values::Float32(it) => number(it.into_iter().map(f64::from).collect(), Dtype::Float32),
        Values::Int(it) => number(it.into_iter().map(|it| it as f64).collect(), Dtype::INT),
        Values::Bool(it) => number(it.into_iter().map(from_bool).collect(), Dtype::Bool),
        Values::Text(it) => Column::Text(it),
        Values::Labels(codes, classes) => labels_column(&codes, &classes),
    }
}

fn from_bool(value: bool) -> f64 {
    f64::from(u8::from(value))
}

fn labels_column(codes: &[u32], classes: &Classes) -> Column {
    let number = |label: &dyn Fn(usize) -> f64, dtype| {
        Column::Number(Arc::new(codes.iter().map(|&it| label(it as usize)).collect()), dtype)
    };
    match classes {
        Classes::Int(it) => number(&|code| it[code] as f64, Dtype::INT),
        Classes::Float(it) => number(&|code| it[code], Dtype::Float64),
        Classes::Bool(it) => number(&|code| from_bool(it[code]), Dtype::Bool),
        Classes::Text(it) => Column::Text(Arc::new(
            codes.iter().map(|&code| Some(it[code as usize].as_str())).collect(),
        )),
    }
}
