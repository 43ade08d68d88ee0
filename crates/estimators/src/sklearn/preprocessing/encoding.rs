//! What `OneHotEncoder` and `OrdinalEncoder` share: categories per column, infrequent ones in one group.
//!
//! | attribute                        | shape             | meaning                                   | since |
//! |----------------------------------|-------------------|-------------------------------------------|-------|
//! | `categories_`                    | p arrays          | categories in the order of their codes    | 0.20  |
//! | `_infrequent_enabled`            | bool              | whether there are groups                  | 1.1   |
//! | `_infrequent_indices`            | p arrays or Nones | codes of the infrequent categories        | 1.1   |
//! | `_default_to_infrequent_mappings`| p arrays or Nones | new code of each code                     | 1.1   |
//!
//! Source of truth: `_BaseEncoder` in `sklearn/preprocessing/_encoders.py`.

use std::sync::Arc;

use crate::categories::{Categories, Held};
use crate::{Column, Dtype, Nan, ReadError, State, TextColumn, Version};

/// What stands for a group of infrequent categories when it is transformed back.
const INFREQUENT: &str = "infrequent_sklearn";

/// One column's categories, and what they become.
#[derive(Debug)]
pub(super) struct Encoding {
    pub(super) categories: Categories,
    pub(super) group: Option<Group>,
}

/// Infrequent categories as one.
#[derive(Debug)]
pub(super) struct Group {
    /// The new code of each code; it may leave out the last one, the missing value.
    pub(super) mapping: Vec<usize>,
    /// The codes in the group, at least one.
    pub(super) infrequent: Vec<usize>,
}

impl Encoding {
    /// The encodings of all columns.
    pub(super) fn read_all(state: &State<'_>) -> Result<Vec<Self>, ReadError> {
        let categories = state.list("categories_")?;
        let groups = match state.flag_or("_infrequent_enabled", false)? {
            true => Some((
                lists(state, "_infrequent_indices", categories.len())?,
                lists(state, "_default_to_infrequent_mappings", categories.len())?,
            )),
            false => None,
        };
        state.n_features_in(categories.len())?;
        let read = categories.iter().enumerate().map(|(i, it)| {
            let categories = Categories::read(it)?;
            let group = match &groups {
                Some((indices, mappings)) => Group::read(&indices[i], &mappings[i], &categories)?,
                None => None,
            };
            Ok(Self { categories, group })
        });
        ReadError::collect(read)
    }

    /// The code after grouping.
    pub(super) fn grouped(&self, code: usize) -> usize {
        self.group.as_ref().map_or(code, |it| it.mapping.get(code).copied().unwrap_or(code))
    }

    /// Number of codes after grouping.
    pub(super) fn n_grouped(&self) -> usize {
        let grouped_away = self.group.as_ref().map_or(0, |it| it.infrequent.len() - 1);
        self.categories.len() - grouped_away
    }
}

impl Group {
    fn read(
        indices: &State<'_>,
        mapping: &State<'_>,
        categories: &Categories,
    ) -> Result<Option<Self>, ReadError> {
        if indices.value().is_none() || mapping.value().is_none() {
            return Ok(None);
        }
        let n = categories.len();
        let infrequent = codes(indices, n)?;
        if infrequent.is_empty() || n < infrequent.len() {
            return Err(indices.invalid(format!("has {} codes of {n}", infrequent.len())));
        }
        let frequent = n - infrequent.len();
        let mapping_codes = codes(mapping, frequent + 1)?;
        let length = mapping_codes.len();
        if length != n && !(length + 1 == n && categories.missing() == Some(length)) {
            return Err(mapping.invalid(format!("has {length} codes, expected {n}")));
        }
        Ok(Some(Self { mapping: mapping_codes, infrequent }))
    }
}

/// Codes below `limit`.
fn codes(state: &State<'_>, limit: usize) -> Result<Vec<usize>, ReadError> {
    let code = |it: i64| usize::try_from(it).ok().filter(|it| *it < limit);
    let codes: Option<Vec<usize>> = state.as_ints()?.into_iter().map(code).collect();
    codes.ok_or_else(|| state.invalid(format!("holds a code that is not below {limit}")))
}

fn lists<'g>(state: &State<'g>, name: &str, len: usize) -> Result<Vec<State<'g>>, ReadError> {
    let items = state.list(name)?;
    if items.len() != len {
        let text = format!("has {} items, expected {len}, as categories_", items.len());
        return Err(state.get(name)?.invalid(text));
    }
    Ok(items)
}

/// Whether a missing cell is a value like any other for the version that wrote the encoder.
pub(super) fn nan_rule(state: &State<'_>, since: Version) -> Nan {
    if since <= state.version() { Nan::Allowed } else { Nan::Refused }
}

/// What a cell comes back as.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell {
    /// A code before grouping.
    Category(usize),
    Infrequent,
    Missing,
}

/// What numpy makes of the categories of several columns in one array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Together {
    /// Each as it is.
    Apart,
    /// Numbers of the type that holds all: booleans beside numbers are 0 and 1.
    Numbers(Dtype),
    /// Numbers beside text that numpy holds are text.
    Texts,
}

impl Together {
    pub(super) fn of<'a>(encodings: &(impl Iterator<Item = &'a Encoding> + Clone)) -> Self {
        let any = |held| encodings.clone().any(|it| it.categories.held() == held);
        match (any(Held::Objects), any(Held::Texts), any(Held::Numbers)) {
            (true, _, _) => Self::Apart,
            (_, true, _) => Self::Texts,
            (_, _, true) => {
                Self::Numbers(Dtype::common(encodings.clone().map(|it| it.categories.dtype())))
            }
            _ => Self::Apart,
        }
    }
}

/// A column of what the cells come back as.
pub(super) fn written(categories: &Categories, cells: &[Cell], together: Together) -> Column {
    let grouped = cells.iter().any(|it| matches!(it, Cell::Infrequent));
    let none = categories.len();
    let codes = cells.iter().map(|it| match it {
        Cell::Category(code) => *code,
        _ => none,
    });
    match together {
        Together::Apart if !grouped => return categories.column(codes),
        Together::Numbers(dtype) if !grouped => return categories.numbers(codes, dtype),
        _ => {}
    }
    let texts: Vec<Option<String>> = (0..none).map(|it| categories.text(it)).collect();
    let text = |it: &Cell| match it {
        Cell::Category(code) => texts.get(*code).and_then(|it| it.as_deref()),
        Cell::Infrequent => Some(INFREQUENT),
        Cell::Missing => None,
    };
    Column::Text(Arc::new(cells.iter().map(text).collect::<TextColumn>()))
}
