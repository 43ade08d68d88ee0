//! Columns that were categories of a data frame, in models from 3.1 on: a cell becomes the number its
//! category had in training.
//!
//! | key in `cats.enc`, an object per column | meaning                                                      |
//! |-----------------------------------------|--------------------------------------------------------------|
//! | `offsets`, `values`                     | texts: the bytes of all, and where each begins; none if the column was no category |
//! | `type`, `values`                        | whole numbers                                                |
//!
//! XGBoost looks a category up by bisection among those of training in ascending order and takes the one
//! it ends at, equal or not: an unseen category is taken for the next larger one. One that is larger than
//! all is refused.
//!
//! It counts the lengths of texts in characters and cuts their bytes by them, so texts beyond ASCII are
//! garbled in the file: a model with such is refused, and so is such a cell.
//!
//! Source of truth: `pd_cat_inf` in `xgboost/_data_utils.py`, `Recode` and `SearchSorted` in
//! `src/encoder/ordinal.h`.

use std::sync::Arc;

use crate::document::Node;
use crate::{
    Block, Category, Column, ColumnHint, ColumnKind, DataError, Dtype, Frame, ReadError, State,
    TextColumn,
};

/// Whole numbers up to here are exact.
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// How each column is coded; empty if none is.
#[derive(Debug, Default)]
pub(super) struct Categories {
    columns: Vec<Codes>,
}

/// Categories in ascending order, each with its number.
#[derive(Debug)]
enum Codes {
    None,
    Texts(Vec<(String, u32)>),
    Integers(Vec<(f64, u32)>),
}

impl Categories {
    pub(super) fn read(encoders: &[Node], state: &State<'_>) -> Result<Self, ReadError> {
        state.charge(encoders.len().saturating_mul(size_of::<Codes>()))?;
        let columns = encoders.iter().map(|it| Codes::read(it, state));
        let columns: Vec<Codes> = columns.collect::<Result<_, _>>()?;
        let is_coded = columns.iter().any(|it| !matches!(it, Codes::None));
        Ok(Self { columns: if is_coded { columns } else { Vec::new() } })
    }

    /// Whether no column is coded.
    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Refuses a list that is not one of the model's columns.
    pub(super) fn check(&self, n_features: usize, state: &State<'_>) -> Result<(), ReadError> {
        if self.is_empty() || self.columns.len() == n_features {
            return Ok(());
        }
        let text = format!("has categories of {} columns, not {n_features}", self.columns.len());
        Err(state.invalid(text))
    }

    /// The categories in the order of their numbers.
    pub(super) fn hints(&self) -> Vec<ColumnHint> {
        let hint = |codes: &Codes| {
            let mut known: Vec<(u32, Category)> = match codes {
                Codes::None => Vec::new(),
                Codes::Texts(it) => {
                    it.iter().map(|(text, code)| (*code, Category::Text(text.clone()))).collect()
                }
                Codes::Integers(it) => {
                    it.iter().map(|(x, code)| (*code, Category::Integer(*x as i64))).collect()
                }
            };
            known.sort_by_key(|it| it.0);
            // What is larger than all is refused, the others count as the next.
            ColumnHint::of_categories(known.iter().map(|it| &it.1), false)
        };
        self.columns.iter().map(hint).collect()
    }

    /// How each of `n_features` columns is to be read.
    pub(super) fn kinds(&self, n_features: usize) -> Vec<ColumnKind> {
        let mut kinds = vec![ColumnKind::Number; n_features];
        for (kind, codes) in kinds.iter_mut().zip(&self.columns) {
            if let Codes::Texts(_) = codes {
                *kind = ColumnKind::Text;
            }
        }
        kinds
    }

    /// Categories as their numbers, the other columns as they are.
    pub(super) fn encode(&self, input: Block) -> Result<Block, DataError> {
        if self.is_empty() {
            return Ok(input);
        }
        input.check_width(self.columns.len())?;
        let encode = |(index, codes): (usize, &Codes)| {
            let column = input.column(index);
            match (codes, column.as_ref()) {
                (Codes::None, _) => Ok(column.into_owned()),
                (Codes::Texts(codes), Column::Text(cells)) => text_codes(codes, cells, index),
                (Codes::Integers(codes), Column::Number(cells, _)) => {
                    integer_codes(codes, cells, index)
                }
                _ => Err(DataError::block(format!(
                    "column {index} has other cells than the categories it was trained on"
                ))),
            }
        };
        let columns: Result<Vec<Column>, DataError> =
            self.columns.iter().enumerate().map(encode).collect();
        Frame::new(input.n_rows(), columns?).map(Block::Frame)
    }
}

impl Codes {
    fn read(encoder: &Node, state: &State<'_>) -> Result<Self, ReadError> {
        let values = encoder.numbers("values", state)?;
        state.charge(values.len().saturating_mul(size_of::<(f64, u32)>()))?;
        if encoder.find("type").is_some() {
            return Self::integers(values, state);
        }
        let offsets = encoder.numbers("offsets", state)?;
        if offsets.is_empty() {
            return Ok(Self::None);
        }
        state.charge(offsets.len().saturating_mul(size_of::<(String, u32)>()))?;
        let wrong = || state.invalid("has categories that do not fit their lengths");
        let mut texts = Vec::new();
        for (ends, number) in offsets.windows(2).zip(0_u32..) {
            let [start, end] = ends else { return Err(wrong()) };
            let is_place = 0.0 <= *start && start <= end && *end <= values.len() as f64;
            let bytes = if is_place { values.get(*start as usize..*end as usize) } else { None };
            let text: Option<String> = bytes.ok_or_else(wrong)?.iter().map(ascii).collect();
            let beyond = || state.unsupported("has categories beyond ASCII, which XGBoost garbles");
            texts.push((text.ok_or_else(beyond)?, number));
        }
        texts.sort();
        Ok(Self::Texts(texts))
    }

    fn integers(values: &[f64], state: &State<'_>) -> Result<Self, ReadError> {
        if values.iter().any(|it| it.fract() != 0.0 || LARGEST < it.abs() || it.is_nan()) {
            return Err(state.unsupported("has categories that are no whole numbers up to 2^53"));
        }
        let mut numbers: Vec<(f64, u32)> = values.iter().copied().zip(0..).collect();
        numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
        Ok(Self::Integers(numbers))
    }
}

fn ascii(byte: &f64) -> Option<char> {
    (0.0..128.0).contains(byte).then(|| char::from(*byte as u8))
}

fn text_codes(
    codes: &[(String, u32)],
    cells: &TextColumn,
    index: usize,
) -> Result<Column, DataError> {
    let code = |(row, cell): (usize, Option<&str>)| match cell {
        None => Ok(f64::NAN),
        Some(it) if !it.is_ascii() => {
            let text = format!("the category {it:?} is not ASCII, and XGBoost would garble it");
            Err(DataError::cell(row, index, text))
        }
        Some(it) => {
            let place = codes.partition_point(|code| code.0.as_str() < it);
            found(codes.get(place).map(|it| it.1), row, index, || format!("{it:?}"))
        }
    };
    let codes = cells.iter().enumerate().map(code).collect::<Result<_, _>>()?;
    Ok(Column::Number(Arc::new(codes), Dtype::Float64))
}

fn integer_codes(codes: &[(f64, u32)], cells: &[f64], index: usize) -> Result<Column, DataError> {
    let code = |(row, x): (usize, &f64)| {
        if x.is_nan() {
            return Ok(f64::NAN);
        }
        if x.fract() != 0.0 || x.is_infinite() {
            let text = format!("the category {x:?} is no whole number, as those of training are");
            return Err(DataError::cell(row, index, text));
        }
        let place = codes.partition_point(|code| code.0 < *x);
        found(codes.get(place).map(|it| it.1), row, index, || format!("{x:?}"))
    };
    let codes = cells.iter().enumerate().map(code).collect::<Result<_, _>>()?;
    Ok(Column::Number(Arc::new(codes), Dtype::Float64))
}

fn found(
    code: Option<u32>,
    row: usize,
    index: usize,
    name: impl Fn() -> String,
) -> Result<f64, DataError> {
    let unseen = || {
        let text =
            format!("the category {} is not one of training's, and is larger than all", name());
        DataError::cell(row, index, text)
    };
    code.map(f64::from).ok_or_else(unseen)
}
