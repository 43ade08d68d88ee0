//! A pandas `Series` or `DataFrame` of numbers under labels, as the encoders keep what they learned.

use std::collections::HashMap;

use object_graph::{Kind, NodeId, Value};

use crate::categories::{Category, Held, categories_in};
use crate::{Dtype, ReadError, State};

/// Numbers under labels: a `Series` is one column without a name.
#[derive(Debug)]
pub(super) struct Table {
    /// The row labels: categories, or their ordinal codes.
    pub labels: Vec<Category>,
    /// The names of the columns.
    pub names: Vec<String>,
    /// The columns, each as long as `labels`.
    columns: Vec<Vec<f64>>,
    /// The types of the columns.
    pub dtypes: Vec<Dtype>,
    /// The row of each numeric label, by the bits of the label.
    rows: HashMap<u64, usize>,
}

impl Table {
    /// Reads a `Series`, a `DataFrame` or a dict of numbers.
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let mut table = match state.value().kind() {
            Kind::Series(it) => {
                Self::of_arrays(state, vec![String::new()], it.index, &[it.values])?
            }
            Kind::DataFrame(it) => {
                Self::of_arrays(state, column_names(state)?, it.index, &it.data)?
            }
            Kind::Dict(_) => Self::from_dict(state)?,
            _ => return Err(state.wrong("a pandas Series or DataFrame")),
        };
        table.check(state)?;
        state.charge(table.labels.len().saturating_mul(32))?;
        for (at, label) in table.labels.iter().enumerate() {
            if let Some(it) = number(label) {
                table.rows.entry(key(it)).or_insert(at);
            }
        }
        Ok(table)
    }

    fn of_arrays(
        state: &State<'_>,
        names: Vec<String>,
        labels: NodeId,
        arrays: &[NodeId],
    ) -> Result<Self, ReadError> {
        let labels = index(&state.step(state.value().at(labels), ".index"))?;
        let (mut columns, mut dtypes) = (Vec::new(), Vec::new());
        for &id in arrays {
            let values = state.step(state.value().at(id), ".values");
            columns.push(values.as_floats()?);
            let dtype = values.value().as_array().and_then(|it| Dtype::stored(&it.dtype));
            dtypes.push(dtype.unwrap_or_default());
        }
        Ok(Self { labels, names, columns, dtypes, rows: HashMap::new() })
    }

    fn from_dict(state: &State<'_>) -> Result<Self, ReadError> {
        let entries: Vec<(Value<'_>, Value<'_>)> =
            state.value().entries().map(Iterator::collect).unwrap_or_default();
        state.charge(entries.len().saturating_mul(2 * size_of::<Category>()))?;
        let mut labels = Vec::with_capacity(entries.len());
        let mut column = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            labels.push(category(&state.step(key, "[key]"))?);
            column.push(state.step(value, "[value]").as_float()?);
        }
        let (names, columns) = (vec![String::new()], vec![column]);
        Ok(Self { labels, names, columns, dtypes: vec![Dtype::Float64], rows: HashMap::new() })
    }

    fn check(&self, state: &State<'_>) -> Result<(), ReadError> {
        if self.names.len() != self.columns.len() {
            let (names, columns) = (self.names.len(), self.columns.len());
            return Err(state.invalid(format!("has {names} column names for {columns} columns")));
        }
        match self.columns.iter().find(|it| it.len() != self.labels.len()) {
            Some(it) => {
                let (values, labels) = (it.len(), self.labels.len());
                Err(state.invalid(format!("has {values} values for {labels} labels")))
            }
            None => Ok(()),
        }
    }

    /// The column of this name.
    pub(super) fn column(&self, name: &str) -> Option<&[f64]> {
        let at = self.names.iter().position(|it| it == name)?;
        self.columns.get(at).map(Vec::as_slice)
    }

    /// The first column.
    pub(super) fn values(&self) -> &[f64] {
        self.columns.first().map(Vec::as_slice).unwrap_or_default()
    }

    /// Number of columns.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The numeric labels, in order.
    pub(super) fn codes(&self) -> impl Iterator<Item = f64> {
        self.labels.iter().filter_map(number)
    }

    /// The row under a numeric label.
    pub(super) fn row(&self, label: f64) -> Option<Vec<f64>> {
        let &at = self.rows.get(&key(label))?;
        Some(self.columns.iter().map(|it| it[at]).collect())
    }
}

fn number(label: &Category) -> Option<f64> {
    match label {
        Category::Number(x) => Some(*x),
        Category::Integer(x) => Some(*x as f64),
        _ => None,
    }
}

/// -0.0 equals 0.0.
fn key(x: f64) -> u64 {
    (x + 0.0).to_bits()
}

fn index(state: &State<'_>) -> Result<Vec<Category>, ReadError> {
    let Kind::Index(it) = state.value().kind() else { return Err(state.wrong("a pandas Index")) };
    let values = state.step(state.value().at(it.values), ".values");
    match values.value().as_array() {
        Some(array) if array.is_empty() => Ok(Vec::new()),
        _ => categories_in(&values).map(|(_, items): (Held, _)| items),
    }
}

/// The column names of a `DataFrame`; one without columns may number them.
pub(super) fn column_names(state: &State<'_>) -> Result<Vec<String>, ReadError> {
    match state.value().kind() {
        Kind::DataFrame(it) if it.data.is_empty() => Ok(Vec::new()),
        Kind::DataFrame(it) => state.step(state.value().at(it.columns), ".columns").as_texts(),
        _ => Err(state.wrong("a pandas DataFrame")),
    }
}

/// A key of a dict as a category.
pub(super) fn category(state: &State<'_>) -> Result<Category, ReadError> {
    let found = crate::categories::object_category(state.value());
    found.ok_or_else(|| {
        let text = format!("is {}, which cannot be a category", state.value().type_name());
        state.unsupported(text)
    })
}

/// The name of a column: a text, or the number that a table without names gives it.
pub(super) fn label(state: &State<'_>) -> Result<String, ReadError> {
    match (state.value().as_str(), state.value().as_i64()) {
        (Some(it), _) => {
            state.charge(it.len().saturating_add(24))?;
            Ok(it.to_owned())
        }
        (None, Some(it)) => Ok(it.to_string()),
        _ => Err(state.wrong("the name of a column")),
    }
}

/// The entry of a dict under a column's name.
pub(super) fn under<'g>(state: &State<'g>, name: &str) -> Result<State<'g>, ReadError> {
    let mut entries = state.value().entries().ok_or_else(|| state.wrong("a dict"))?;
    let is = |key: Value<'_>| match key.as_i64() {
        Some(it) => it.to_string() == name,
        None => key.is_text(name),
    };
    let found = entries.find(|(key, _)| is(*key));
    let (_, value) = found.ok_or_else(|| state.invalid(format!("has no entry {name:?}")))?;
    Ok(state.step(value, &format!("[{name:?}]")))
}

/// The entry of a dict under a text key.
pub(super) fn entry<'g>(state: &State<'g>, key: &str) -> Result<State<'g>, ReadError> {
    let found = state.value().get(key);
    let value = found.ok_or_else(|| state.invalid(format!("has no entry {key:?}")))?;
    Ok(state.step(value, &format!("[{key:?}]")))
}
