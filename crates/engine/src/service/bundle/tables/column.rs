//! A column of a table while it is read: its cells as text, and what they are together.

use std::borrow::Cow;

use estimators::Category as Key;
use sql::Value;
use table::Raw;
use table::csv::parse_number;

use crate::service::bundle::spec::ColumnType;

/// Whole numbers up to here are the same as a float.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// A column that was read: its cells as text, and what they are together.
pub(super) struct Loaded {
    pub(super) name: String,
    pub(super) cells: Vec<Option<Box<str>>>,
    pub(super) seen: Seen,
    pub(super) is_key: bool,
}

/// What sorts of cells a column has.
#[derive(Default, Clone, Copy)]
pub(super) struct Seen {
    bools: bool,
    ints: bool,
    floats: bool,
    texts: bool,
}

impl Seen {
    /// As pandas infers it.
    pub(super) fn kind(self) -> ColumnType {
        match (self.texts || self.bools && (self.ints || self.floats), self.floats) {
            (true, _) => ColumnType::Text,
            (false, true) => ColumnType::Number,
            (false, false) => ColumnType::Integer,
        }
    }
}

impl Loaded {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), cells: Vec::new(), seen: Seen::default(), is_key: false }
    }

    pub(super) fn of_cells<'a>(
        name: String,
        cells: impl Iterator<Item = Cow<'a, Key>>,
        is_key: bool,
    ) -> Self {
        let mut column = Self { name, cells: Vec::new(), seen: Seen::default(), is_key };
        for cell in cells {
            let seen = &mut column.seen;
            match &*cell {
                Key::Missing => {}
                Key::Bool(_) => seen.bools = true,
                Key::Integer(_) => seen.ints = true,
                Key::Number(_) => seen.floats = true,
                Key::Text(_) => seen.texts = true,
            }
            column.cells.push(cell.text().map(Into::into));
        }
        column
    }

    /// Adds a cell of a row; its text, or `None` if a table has no such cells.
    #[allow(clippy::option_option, reason = "no such cell, a missing one, a text")]
    pub(super) fn add<'a>(&mut self, row: usize, cell: Raw<'a>) -> Option<Option<Cow<'a, str>>> {
        let text = match cell {
            Raw::Other => return None,
            Raw::Missing => None,
            Raw::Bool(_, text) => {
                self.seen.bools = true;
                Some(text)
            }
            Raw::Int(_, text) => {
                self.seen.ints = true;
                Some(text)
            }
            Raw::Float(_, text) => {
                self.seen.floats = true;
                Some(text)
            }
            Raw::Text(text) => {
                self.seen.texts = true;
                Some(text)
            }
        };
        // Of a key that is twice in a line, the last counts.
        self.cells.truncate(row);
        self.cells.resize(row, None);
        self.cells.push(text.as_deref().map(Into::into));
        Some(text)
    }
}

/// What a table has of a cell; `None`: it is none of this type.
pub(super) fn value(cell: Option<&str>, kind: ColumnType) -> Option<Value<'_>> {
    let Some(text) = cell else { return Some(Value::Null) };
    match kind {
        ColumnType::Text => Some(Value::Text(text)),
        ColumnType::Integer => match text.trim().parse() {
            Ok(whole) => Some(Value::Integer(whole)),
            // pandas writes `3.0` where others of the column are missing.
            Err(_) => match parse_number(text.as_bytes())? {
                missing if missing.is_nan() => Some(Value::Null),
                x if x.fract() == 0.0 && x.abs() <= MOST_EXACT => Some(Value::Integer(x as i64)),
                _ => None,
            },
        },
        ColumnType::Number => parse_number(text.as_bytes()).map(Value::Real),
    }
}

/// What is wrong with a cell of a column whose type is said, if it is none of this type.
pub(super) fn misfit(cell: Option<&str>, kind: ColumnType) -> Option<String> {
    let noun = match (value(cell, kind), kind) {
        (Some(_), _) | (None, ColumnType::Text) => return None,
        (None, ColumnType::Integer) => "a whole number",
        (None, ColumnType::Number) => "a number",
    };
    let text: String = cell.unwrap_or_default().chars().take(60).collect();
    Some(format!("{text:?} is not {noun}, as types says"))
}
