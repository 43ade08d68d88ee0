//! `inverse_transform`: from the columns an encoder gives back to the category.
//!
//! A code without a category becomes a missing cell, which a column of integers cannot hold.
//!
//! Source of truth: `inverse_transform` in `category_encoders/ordinal.py`, `one_hot.py` and `basen.py`.

use std::borrow::Cow;
use std::collections::HashMap;

use object_graph::{Kind, Scalar};

use super::encoding::Ordinal;
use crate::categories::Categories;
use crate::{Column, DataError, State};

/// How a row of numbers becomes the code of a category.
#[derive(Debug, Clone)]
pub(super) enum Decode {
    /// It is the code.
    Code,
    /// Of the codes whose columns hold 1, the last; else 0.
    Hot(Vec<f64>),
    /// The sum of the columns with these weights.
    Digits(Vec<f64>),
}

/// What the column of a data frame held that an encoder was trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Anything, missing cells too.
    Objects,
    /// Integers.
    Integers,
}

impl Origin {
    /// Reads `data_type` of an entry of a mapping; `None` where Python has no way back, or makes of a missing
    /// cell what it is not.
    pub(super) fn read(switch: &State<'_>) -> Option<Self> {
        let Kind::Series(_) = switch.value().get("mapping")?.kind() else { return None };
        let dtype = switch.value().get("data_type")?;
        match dtype.as_dtype() {
            Some(it) if it.itemsize != 8 => None,
            Some(it) if matches!(it.scalar, Scalar::Object | Scalar::Float) => Some(Self::Objects),
            Some(it) if it.scalar == Scalar::Int => Some(Self::Integers),
            Some(_) => None,
            None => {
                let class = dtype.as_object()?.class()?;
                let texts = matches!(class.name, "CategoricalDtype" | "StringDtype");
                texts.then_some(Self::Objects)
            }
        }
    }
}

/// The way back from one encoded column.
#[derive(Debug)]
pub(super) struct Inverse {
    decode: Decode,
    origin: Origin,
    categories: Categories,
    /// The category of each code, by its bits.
    of_code: HashMap<u64, usize>,
}

impl Inverse {
    /// The way back to the categories of `ordinal`, if there is one.
    pub(super) fn new(ordinal: &Ordinal, decode: Decode) -> Option<Self> {
        let (items, codes): (Vec<_>, Vec<f64>) = ordinal.known.iter().cloned().unzip();
        let n_codes = codes.len();
        let of_code: HashMap<u64, usize> = codes.into_iter().map(key).zip(0..).collect();
        // Python refuses a code of two categories.
        let is_unique = of_code.len() == n_codes;
        let (origin, categories) = (ordinal.origin?, Categories::of_objects(items));
        is_unique.then_some(Self { decode, origin, categories, of_code })
    }

    /// The categories that rows of an encoder's own columns stand for; `index` is the first of them.
    pub(super) fn column(
        &self,
        columns: &[Cow<'_, Column>],
        index: usize,
    ) -> Result<Column, DataError> {
        let numbers = columns.iter().zip(index..).map(|(it, index)| numbers(it, index));
        let numbers: Vec<&[f64]> = numbers.collect::<Result<_, _>>()?;
        let n_rows = numbers.first().map_or(0, |it| it.len());
        let mut found = Vec::with_capacity(n_rows);
        for row in 0..n_rows {
            let code = self.code(numbers.iter().map(|it| it[row]));
            let category = self.of_code.get(&key(code)).copied();
            if category.is_none() && self.origin == Origin::Integers {
                let text = "the code of no category, for which a column of integers has no value";
                return Err(DataError::cell(row, index, text));
            }
            found.push(category.unwrap_or(usize::MAX));
        }
        Ok(self.categories.column(found.into_iter()))
    }

    fn code(&self, mut row: impl Iterator<Item = f64>) -> f64 {
        match &self.decode {
            Decode::Code => row.next().unwrap_or(f64::NAN),
            Decode::Hot(codes) => {
                let hot = codes.iter().zip(row).filter(|(_, x)| *x == 1.0);
                hot.map(|(code, _)| *code).last().unwrap_or(0.0)
            }
            Decode::Digits(weights) => weights.iter().zip(row).map(|(weight, x)| weight * x).sum(),
        }
    }
}

fn numbers(column: &Column, index: usize) -> Result<&[f64], DataError> {
    match column {
        Column::Number(it, _) => Ok(it),
        Column::Text(_) => {
            Err(DataError::cell(0, index, "is a text, expected an encoder's number"))
        }
    }
}

/// -0.0 equals 0.0.
fn key(code: f64) -> u64 {
    (code + 0.0).to_bits()
}
