//! Cells of a table as CatBoost sees them: numbers as `float32`, categories as hashes of their texts.
//!
//! | cell                 | category                                                              |
//! |----------------------|-----------------------------------------------------------------------|
//! | text                 | the text as it is: `3`, `03` and `3.0` are three categories           |
//! | `True`, `False`      | `1` and `0`, as pandas makes a column of flags; the texts, if the model knows one of them |
//! | a whole number       | its digits                                                            |
//! | another number, NaN, no text | refused, as CatBoost does                                     |
//!
//! Source of truth: `get_cat_factor_bytes_representation` in `_catboost.pyx`.

use super::city_hash;
use super::ctrs::{combined, widened};
use super::saved::{Features, Table};
use crate::{Block, Column, DataError};

/// A column of numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    pub(super) column: usize,
    pub(super) nan_is_large: bool,
}

/// A column of categories.
#[derive(Debug, Clone, Copy)]
pub(super) struct Category {
    pub(super) column: usize,
    /// Whether `True` and `False` are texts like others.
    flags_are_texts: bool,
}

impl Number {
    /// The cells of `columns`.
    pub(super) fn cells(columns: &[Self], input: &Block) -> Result<Vec<Vec<f32>>, DataError> {
        let places: Vec<usize> = columns.iter().map(|it| it.column).collect();
        let dense = input.select(&places).into_numbers();
        let dense = dense.map_err(|it| it.in_column(|at| places.get(at).copied()))?;
        let cells = |(column, it): (&Self, &std::sync::Arc<Vec<f64>>)| {
            let missing = if column.nan_is_large { f32::INFINITY } else { f32::NAN };
            it.iter().map(|x| if x.is_nan() { missing } else { *x as f32 }).collect()
        };
        Ok(columns.iter().zip(dense.columns()).map(cells).collect())
    }
}

impl Category {
    /// The column with number `index` among those of categories.
    pub(super) fn new(index: i64, column: usize, features: &Features) -> Self {
        let flags = ["True", "False"].map(city_hash::category);
        let one_hots = features.one_hots.iter().filter(|it| it.index == index);
        let is_compared = one_hots.flat_map(|it| &it.values).any(|it| flags.contains(it));
        let mut alone = features.tables.iter().filter(|it| {
            let projection = &it.base.projection;
            projection.categories == [index]
                && projection.numbers.is_empty()
                && projection.one_hots.is_empty()
        });
        let has = |table: &Table, flag| {
            let hash = combined(0, widened(flag));
            table.places.binary_search_by_key(&hash, |it| it.0).is_ok()
        };
        let is_counted = alone.any(|it| flags.iter().any(|flag| has(it, *flag)));
        Self { column, flags_are_texts: is_compared || is_counted }
    }

    /// The hashes of its cells.
    pub(super) fn hashes(&self, input: &Block) -> Result<Vec<u32>, DataError> {
        match input.column(self.column).as_ref() {
            Column::Text(cells) => {
                let hash = |(row, cell)| self.text(cell).ok_or_else(|| self.missing(row));
                cells.iter().enumerate().map(hash).collect()
            }
            Column::Number(cells, _) => {
                cells.iter().enumerate().map(|(row, x)| self.number(row, *x)).collect()
            }
        }
    }

    fn text(&self, cell: Option<&str>) -> Option<u32> {
        Some(city_hash::category(match cell? {
            "True" if !self.flags_are_texts => "1",
            "False" if !self.flags_are_texts => "0",
            text => text,
        }))
    }

    fn number(&self, row: usize, x: f64) -> Result<u32, DataError> {
        if x.is_nan() {
            return Err(self.missing(row));
        }
        // Beyond, pandas would not have integers either.
        if x.fract() != 0.0 || 9.2e18 < x.abs() {
            let text = format!("{x} is no category: categories are texts or whole numbers");
            return Err(DataError::cell(row, self.column, text));
        }
        Ok(city_hash::category(&(x as i64).to_string()))
    }

    fn missing(&self, row: usize) -> DataError {
        let text = "the category is missing, and CatBoost accepts none such; write a text in its place, \
                    the one it was trained with";
        DataError::cell(row, self.column, text)
    }
}
