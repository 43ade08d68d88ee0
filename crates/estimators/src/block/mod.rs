//! Rows on their way through a model: columns of numbers, columns of numbers and text, or sparse rows.
//!
//! Columns are shared (`Arc`): selecting or repeating one copies nothing, and a step that owns its
//! input alone changes it in place.

mod dense;
mod frame;

pub use dense::{Columns, Dense, Nan};
pub use frame::{Column, Frame};

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::{Csr, DataError, Dtype, Precision};

/// How a model wants a column to be read from text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnKind {
    /// Not used at all.
    Unused,
    /// As a number; missing is NaN.
    Number,
    /// As the text it is.
    Text,
}

/// A number of Python's that columns are multiplied by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Factor {
    /// `int`
    Int(i64),
    /// `float`
    Float(f64),
}

/// A batch of rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Numbers, by columns.
    Dense(Dense),
    /// Numbers and text, by columns.
    Frame(Frame),
    /// Numbers, most of them 0, by rows.
    Sparse(Csr),
}

impl Block {
    /// Number of rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        match self {
            Self::Dense(it) => it.n_rows(),
            Self::Frame(it) => it.n_rows(),
            Self::Sparse(it) => it.n_rows(),
        }
    }

    /// Number of columns.
    #[must_use]
    pub fn n_cols(&self) -> usize {
        match self {
            Self::Dense(it) => it.n_cols(),
            Self::Frame(it) => it.columns().len(),
            Self::Sparse(it) => it.n_cols(),
        }
    }

    /// Columns as a block: of numbers if all are, and of one type; else a frame.
    ///
    /// # Errors
    /// A column of another length than `n_rows`.
    pub fn of_columns(n_rows: usize, columns: Vec<Column>) -> Result<Self, DataError> {
        let dtype = match columns.first() {
            Some(Column::Number(_, it)) => *it,
            _ => Dtype::Float64,
        };
        let number = |it: &Column| match it {
            Column::Number(it, own) if *own == dtype => Some(Arc::clone(it)),
            _ => None,
        };
        match columns.iter().map(number).collect() {
            // The clones in `numbers` must be the only owners, for steps to work in place.
            Some(numbers) => {
                drop(columns);
                let mut dense = Dense::from_columns(n_rows, numbers)?;
                dense.dtype = dtype;
                Ok(Self::Dense(dense))
            }
            None => Frame::new(n_rows, columns).map(Self::Frame),
        }
    }

    /// The type that holds all numbers; numbers beside text are `float64`.
    #[must_use]
    pub fn dtype(&self) -> Dtype {
        match self {
            Self::Dense(it) => it.dtype,
            Self::Frame(it) => it.dtype(),
            Self::Sparse(it) => it.dtype,
        }
    }

    /// In what to calculate with the numbers.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.dtype().precision()
    }

    /// The columns at `indices`, in that order; sparse rows stay sparse. The caller has checked the
    /// indices against the number of columns.
    #[must_use]
    pub fn select(&self, indices: &[usize]) -> Self {
        match self {
            Self::Dense(it) => Self::Dense(Dense {
                n_rows: it.n_rows,
                columns: indices.iter().map(|&at| Arc::clone(&it.columns[at])).collect(),
                dtype: it.dtype,
            }),
            Self::Frame(it) => Self::Frame(Frame {
                n_rows: it.n_rows,
                columns: indices.iter().map(|&at| it.columns[at].clone()).collect(),
            }),
            Self::Sparse(it) => Self::Sparse(select_sparse(it, indices)),
        }
    }

    /// A run of rows. The caller keeps `range` inside the block.
    #[must_use]
    pub fn rows(&self, range: Range<usize>) -> Self {
        let n_rows = range.len();
        match self {
            Self::Dense(it) => Self::Dense(Dense {
                n_rows,
                columns: it.columns.iter().map(|it| number_rows(it, &range)).collect(),
                dtype: it.dtype,
            }),
            Self::Frame(it) => {
                let columns = it.columns.iter().map(|it| match it {
                    Column::Number(it, dtype) => Column::Number(number_rows(it, &range), *dtype),
                    Column::Text(it) => {
                        Column::Text(Arc::new(range.clone().map(|row| it.get(row)).collect()))
                    }
                });
                Self::Frame(Frame { n_rows, columns: columns.collect() })
            }
            Self::Sparse(it) => {
                let mut rows = Csr::new(it.n_cols());
                rows.dtype = it.dtype;
                for row in range {
                    it.row(row).for_each(|(column, value)| rows.push(column, value));
                    rows.end_row();
                }
                Self::Sparse(rows)
            }
        }
    }

    /// The block as numbers: text is read as Python's `float` reads it, sparse rows are written out.
    ///
    /// # Errors
    /// Another number of columns than `n_features`; text that is not a number.
    pub fn into_dense(self, n_features: usize) -> Result<Dense, DataError> {
        self.check_width(n_features)?;
        self.into_numbers()
    }

    /// Refuses another number of columns than the model was trained on.
    ///
    /// # Errors
    /// The two numbers.
    pub fn check_width(&self, n_features: usize) -> Result<(), DataError> {
        let found = self.n_cols();
        if found == n_features {
            return Ok(());
        }
        let text = format!("X has {found} features, but the model was trained on {n_features}");
        Err(DataError::block(text))
    }

    /// [`Block::into_dense`] for those that take any number of columns.
    ///
    /// # Errors
    /// Text that is not a number.
    pub fn into_numbers(self) -> Result<Dense, DataError> {
        match self {
            Self::Dense(it) => Ok(it),
            Self::Frame(it) => frame::to_dense(&it),
            Self::Sparse(it) => Ok(densify(&it)),
        }
    }

    /// All numbers times `factor`, one of Python's: integers if both are, else in the precision of the
    /// block.
    ///
    /// # Errors
    /// Text.
    pub fn times(self, factor: Factor) -> Result<Self, DataError> {
        let dtype = match (factor, self.dtype()) {
            (Factor::Int(_), Dtype::Bool) => Dtype::INT,
            (Factor::Int(_), it) if it.is_whole() => it,
            (_, it) => it.precision().into(),
        };
        let factor = dtype.of(match factor {
            Factor::Int(it) => it as f64,
            Factor::Float(it) => it,
        });
        match self {
            Self::Sparse(mut it) => {
                it.values_mut().iter_mut().for_each(|x| *x = dtype.of(*x * factor));
                it.dtype = dtype;
                Ok(Self::Sparse(it))
            }
            other => {
                let mut dense = other.into_numbers()?;
                let times = |column: &mut [f64]| {
                    column.iter_mut().for_each(|x| *x = dtype.of(*x * factor));
                };
                dense.map_columns(|_, column| times(column));
                dense.dtype = dtype;
                Ok(Self::Dense(dense))
            }
        }
    }

    /// A column as text cells, numbers written as Python's `str` does; for encoders.
    #[must_use]
    pub fn column(&self, index: usize) -> Cow<'_, Column> {
        match self {
            Self::Dense(it) => Cow::Owned(Column::Number(Arc::clone(&it.columns[index]), it.dtype)),
            Self::Frame(it) => Cow::Borrowed(&it.columns[index]),
            Self::Sparse(it) => {
                Cow::Owned(Column::Number(Arc::new(sparse_column(it, index)), it.dtype))
            }
        }
    }
}

fn number_rows(column: &[f64], range: &Range<usize>) -> Arc<Vec<f64>> {
    Arc::new(column[range.clone()].to_vec())
}

fn densify(sparse: &Csr) -> Dense {
    let n_rows = sparse.n_rows();
    // Of hundreds of one-hot columns a few rows touch a few: the others share one column of zeros.
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); sparse.n_cols()];
    for row in 0..n_rows {
        for (index, value) in sparse.row(row) {
            let column = &mut columns[index];
            if column.is_empty() {
                column.resize(n_rows, 0.0);
            }
            column[row] += value;
        }
    }
    Dense { n_rows, columns: shared_zeros(columns, n_rows), dtype: sparse.dtype }
}

/// Columns of `n_rows` numbers; the empty ones are zeros, which they share.
pub(crate) fn shared_zeros(columns: Vec<Vec<f64>>, n_rows: usize) -> Columns {
    let zeros = Arc::new(vec![0.0; n_rows]);
    let share = |it: Vec<f64>| if it.is_empty() { Arc::clone(&zeros) } else { Arc::new(it) };
    columns.into_iter().map(share).collect()
}

fn sparse_column(sparse: &Csr, index: usize) -> Vec<f64> {
    (0..sparse.n_rows())
        .map(|row| {
            // From 0.0: the sum of nothing by `sum` is -0.0.
            let stored = sparse.row(row).filter(|(column, _)| *column == index);
            stored.fold(0.0, |sum, (_, x)| sum + x)
        })
        .collect()
}

fn select_sparse(sparse: &Csr, indices: &[usize]) -> Csr {
    let mut places: Vec<Vec<usize>> = vec![Vec::new(); sparse.n_cols()];
    for (to, &from) in indices.iter().enumerate() {
        places[from].push(to);
    }
    let mut selected = Csr::new(indices.len());
    selected.dtype = sparse.dtype;
    for row in 0..sparse.n_rows() {
        for (column, value) in sparse.row(row) {
            for &to in &places[column] {
                selected.push(to, value);
            }
        }
        selected.end_row();
    }
    selected
}
