//! The values as a column of results: one type for all rows, whichever keys they have.

use std::borrow::Cow;
use std::sync::Arc;

use super::cells::Cells;
use crate::categories::Category;
use crate::{TextColumn, Values};

/// What the values of all keys, and that of an unknown one, are together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answers {
    Floats,
    Floats32,
    Integers,
    Bools,
    /// Texts, truth values beside a missing one, or several sorts: as Python writes a column of objects.
    Texts,
}

impl Answers {
    /// Without a `default` the value of an unknown key is missing.
    pub(super) fn new(values: &Cells, default: Option<&Category>, is_float32: bool) -> Self {
        let every = |is: fn(&Category) -> bool| {
            is(default.unwrap_or(&Category::Missing)) && values.iter().all(|it| is(&it))
        };
        if every(|it| matches!(it, Category::Integer(_))) {
            return Self::Integers;
        }
        if every(|it| matches!(it, Category::Bool(_))) {
            return Self::Bools;
        }
        match every(|it| !matches!(it, Category::Bool(_) | Category::Text(_))) {
            true if is_float32 && default.is_none() => Self::Floats32,
            true => Self::Floats,
            false => Self::Texts,
        }
    }

    /// The values of these rows, `None` being an unknown key.
    pub(super) fn of(
        self,
        values: &Cells,
        default: Option<&Category>,
        rows: &[Option<usize>],
    ) -> Values {
        let unknown = default.unwrap_or(&Category::Missing);
        let cell = |row: &Option<usize>| {
            row.and_then(|it| values.get(it)).unwrap_or(Cow::Borrowed(unknown))
        };
        let cells = rows.iter().map(cell);
        match self {
            Self::Floats => Values::Float(cells.map(|it| float(&it)).collect()),
            Self::Floats32 => Values::Float32(cells.map(|it| float(&it) as f32).collect()),
            Self::Integers => Values::Int(cells.map(|it| integer(&it)).collect()),
            Self::Bools => Values::Bool(cells.map(|it| *it == Category::Bool(true)).collect()),
            Self::Texts => {
                let texts: Vec<Option<String>> = cells.map(|it| it.text()).collect();
                let texts = texts.iter().map(|it| it.as_deref());
                Values::Text(Arc::new(texts.collect::<TextColumn>()))
            }
        }
    }
}

fn integer(cell: &Category) -> i64 {
    if let Category::Integer(it) = cell { *it } else { 0 }
}

fn float(cell: &Category) -> f64 {
    match cell {
        Category::Integer(it) => *it as f64,
        Category::Number(it) => *it,
        _ => f64::NAN,
    }
}
