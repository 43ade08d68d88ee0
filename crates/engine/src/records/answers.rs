//! A model's answers for rows in memory, and JSON as Python writes it.

use std::io;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter};
use table::csv::{TextColumn, write_f64};

use super::Cell;
use crate::columns::Written;

/// Named columns of answers, in row order.
#[derive(Debug, Clone)]
pub struct Answers {
    names: Vec<String>,
    columns: Vec<Written>,
    n_rows: usize,
}

impl Answers {
    pub(super) fn new(names: Vec<String>, columns: Vec<Written>, n_rows: usize) -> Self {
        Self { names, columns, n_rows }
    }

    /// The columns' names: that of the output, or `<output>_<class>`, `<output>_<i>` of several.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// The columns, each in its own type.
    #[must_use]
    pub fn columns(&self) -> &[Written] {
        &self.columns
    }

    /// For each row its answer, or the list of its answers if there are several columns, as `.tolist()` gives them.
    #[must_use]
    pub fn predictions(&self) -> Vec<Value> {
        let row = |row| match self.columns.as_slice() {
            [one] => one.json(row),
            many => Value::Array(many.iter().map(|it| it.json(row)).collect()),
        };
        (0..self.n_rows).map(row).collect()
    }

    /// The columns as cells.
    pub(crate) fn into_cells(self) -> impl Iterator<Item = (String, Vec<Cell>)> {
        let n_rows = self.n_rows;
        let cells = move |it: Written| (0..n_rows).map(|row| it.cell(row)).collect();
        self.names.into_iter().zip(self.columns).map(move |(name, it)| (name, cells(it)))
    }
}

impl Written {
    /// A column of JSON values: of truth values, whole numbers, numbers (null is NaN) or texts (null is missing); `None` if
    /// they are of several sorts, or none of these.
    #[must_use]
    pub fn of_json(values: &[Value]) -> Option<Self> {
        let null = |it: &Value| it.is_null();
        if values.iter().all(Value::is_boolean) {
            return values.iter().map(Value::as_bool).collect::<Option<_>>().map(Self::Bool);
        }
        if let Some(all) = values.iter().map(Value::as_i64).collect() {
            return Some(Self::Int(all));
        }
        if values.iter().all(|it| null(it) || it.is_number()) {
            let float = |it: &Value| it.as_f64().unwrap_or(f64::NAN);
            return Some(Self::Float(Arc::new(values.iter().map(float).collect())));
        }
        if !values.iter().all(|it| null(it) || it.is_string()) {
            return None;
        }
        let text: String = values.iter().filter_map(Value::as_str).collect();
        let mut offsets = vec![0];
        for value in values {
            let length = u32::try_from(value.as_str().map_or(0, str::len)).ok()?;
            let end = offsets.last().and_then(|it: &u32| it.checked_add(length))?;
            offsets.push(end);
        }
        let missing = values.iter().map(null).collect();
        TextColumn::from_parts(text, offsets, missing).ok().map(Self::Text)
    }

    /// An answer as a cell. A `float32` is the `float` that Python makes of it.
    #[must_use]
    pub fn cell(&self, row: usize) -> Cell {
        let cell = match self {
            Self::Float(it) => it.get(row).copied().map(Cell::Float),
            Self::Float32(it) => it.get(row).copied().map(|it| Cell::Float(f64::from(it))),
            Self::Int(it) => it.get(row).copied().map(Cell::Integer),
            Self::Bool(it) => it.get(row).copied().map(Cell::Bool),
            Self::Labels(codes, labels) => {
                let label = codes.get(row).and_then(|it| labels.get(*it as usize));
                label.map(|it| Cell::Text(it.as_str().into()))
            }
            Self::Text(it) => it.get(row).map(|it| Cell::Text(it.into())),
        };
        cell.unwrap_or_default()
    }

    /// An answer as JSON; what is no number there is `null`.
    #[must_use]
    pub fn json(&self, row: usize) -> Value {
        self.cell(row).to_json()
    }
}

/// JSON whose numbers are spelled as Python's `repr` does: `1e-05`, `5.0`.
///
/// ```
/// assert_eq!(engine::json_text(&serde_json::json!([1e-5, 5.0, 1e16, 3])), "[1e-05,5.0,1e+16,3]");
/// ```
#[must_use]
pub fn json_text(value: &Value) -> String {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, PythonNumbers);
    // Writing to memory does not fail.
    let _ = value.serialize(&mut serializer);
    String::from_utf8(out).unwrap_or_default()
}

struct PythonNumbers;

impl Formatter for PythonNumbers {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        if !value.is_finite() {
            return CompactFormatter.write_null(writer);
        }
        let mut out = Vec::new();
        write_f64(value, &mut out);
        writer.write_all(&out)
    }
}
