//! The parameter `missing_values`: which cells count as missing.
//!
//! | value                | cells                                                                   |
//! |----------------------|-------------------------------------------------------------------------|
//! | `nan` (default)      | NaN, a missing text                                                     |
//! | `None`, `pandas.NA`  | the same: a file's empty cell is all of these                           |
//! | a number             | equal numbers; NaN is refused                                           |
//! | a text               | equal texts; a missing text is refused                                  |
//!
//! Source of truth: `_get_mask` in `sklearn/utils/_mask.py`, `_validate_input` in `sklearn/impute/_base.py`.

use object_graph::Kind;

use crate::{Column, DataError, ReadError, State};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum MissingValues {
    Nan,
    Number(f64),
    Text(String),
}

impl MissingValues {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let it = state.get("missing_values")?;
        match it.value().kind() {
            Kind::None => Ok(Self::Nan),
            Kind::Class(class) if class.name == "NA" && class.module.starts_with("pandas") => {
                Ok(Self::Nan)
            }
            Kind::Text(text) => Ok(Self::Text(text.to_owned())),
            Kind::Bool(_) => Err(it.unsupported("is a bool")),
            _ => match it.as_float()? {
                x if x.is_nan() => Ok(Self::Nan),
                x => Ok(Self::Number(x)),
            },
        }
    }

    /// Which cells of a column are missing; `None` if none is.
    pub(super) fn mask(&self, column: &Column) -> Option<Vec<bool>> {
        let mask: Vec<bool> = match (column, self) {
            (Column::Number(it, _), Self::Nan) => it.iter().map(|x| x.is_nan()).collect(),
            (Column::Number(it, _), Self::Number(value)) => it.iter().map(|x| x == value).collect(),
            (Column::Text(it), Self::Nan) => it.iter().map(|it| it.is_none()).collect(),
            (Column::Text(it), Self::Text(text)) => {
                it.iter().map(|it| it == Some(text.as_str())).collect()
            }
            (Column::Number(..), Self::Text(_)) | (Column::Text(_), Self::Number(_)) => {
                return None;
            }
        };
        // Every cell, without a branch: that runs on many at once.
        mask.iter().fold(false, |any, it| any | it).then_some(mask)
    }

    /// Refuses NaN and missing texts where they do not count as missing, and infinities unless Python
    /// would hold the cells as objects.
    pub(super) fn check(
        &self,
        column: &Column,
        index: usize,
        infinite: Infinite,
    ) -> Result<(), DataError> {
        let refuses_nan = *self != Self::Nan;
        let nan = |row| {
            let text = "the value is missing (NaN), which is not what the model counts as missing";
            Err(DataError::cell(row, index, text))
        };
        match column {
            Column::Text(it) => match it.iter().position(|it| it.is_none()) {
                Some(row) if refuses_nan => nan(row),
                _ => Ok(()),
            },
            Column::Number(it, _) => {
                if it.iter().fold(true, |all, x| all & x.is_finite()) {
                    return Ok(());
                }
                for (row, x) in it.iter().enumerate() {
                    if x.is_nan() && refuses_nan {
                        return nan(row);
                    }
                    if x.is_infinite() && infinite == Infinite::Refused {
                        let text = "the value is infinite, and the model accepts none";
                        return Err(DataError::cell(row, index, text));
                    }
                }
                Ok(())
            }
        }
    }
}

/// Whether infinities pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Infinite {
    Allowed,
    Refused,
}
