//! Files that are tables: rows of CSV, JSON Lines and Parquet, and pickled tables, into the database.

mod choice;
mod column;
mod pickled;
mod read;

use std::collections::BTreeSet;

use sql::{Affinity, Column, Draft, Table, Value};
use storage::Location;

use super::spec::{ColumnType, TableSpec};
use crate::records::Cell;
use crate::{Category, Error, Settings};
use column::Loaded;

/// What is known of a table that was loaded, for those who describe and ask the service.
#[derive(Debug)]
pub(super) struct TableFacts {
    pub(super) name: String,
    pub(super) file: String,
    pub(super) n_rows: usize,
    pub(super) columns: Vec<ColumnFacts>,
}

/// A column of such a table.
#[derive(Debug)]
pub(super) struct ColumnFacts {
    pub(super) name: String,
    /// What the first row has.
    pub(super) first: Cell,
    /// What rows are looked up by, each once: none if there are too many, or if it is no column of keys.
    pub(super) keys: Vec<Cell>,
}

/// Adds a table to the database.
pub(super) fn load(
    spec: &TableSpec,
    location: &Location,
    draft: &mut Draft,
    settings: &Settings,
) -> Result<TableFacts, Error> {
    let columns = read::read(spec, location, settings)?;
    if sql::MAX_COLUMNS < columns.len() {
        let text = format!(
            "it has {} columns, a table has at most {}: choose some with columns = [\"a\", \"b\"]",
            columns.len(),
            sql::MAX_COLUMNS
        );
        return Err(Error::new(Category::Data, text));
    }
    let typed = |it: &Loaded| {
        let given = spec.types.iter().find(|(name, _)| name.value == it.name);
        given.map_or_else(|| it.seen.kind(), |(_, kind)| *kind)
    };
    let kinds: Vec<ColumnType> = columns.iter().map(typed).collect();
    write(&spec.name.value, &columns, &kinds, draft)?;
    let keys: Vec<&str> =
        columns.iter().filter(|it| it.is_key).map(|it| it.name.as_str()).collect();
    if !keys.is_empty() {
        draft.index(&spec.name.value, &keys).map_err(own)?;
    }
    if let Some(index) = &spec.index {
        let names: Vec<&str> = index.iter().map(String::as_str).collect();
        draft.index(&spec.name.value, &names).map_err(own)?;
    }
    Ok(facts(spec, &columns, &kinds))
}

fn facts(spec: &TableSpec, columns: &[Loaded], kinds: &[ColumnType]) -> TableFacts {
    let column = |(it, kind): (&Loaded, &ColumnType)| {
        let cell = |cell: &Option<Box<str>>| match cell_value(cell.as_deref(), *kind) {
            Value::Null => Cell::Null,
            Value::Integer(it) => Cell::Integer(it),
            Value::Real(it) => Cell::Float(it),
            Value::Text(it) => Cell::Text(it.into()),
        };
        let is_key = it.is_key || spec.index.iter().flatten().any(|name| *name == it.name);
        let keys = if is_key { distinct(&it.cells) } else { Vec::new() };
        let first = it.cells.first().map(cell).unwrap_or_default();
        ColumnFacts { name: it.name.clone(), first, keys: keys.into_iter().map(cell).collect() }
    };
    TableFacts {
        name: spec.name.value.clone(),
        file: spec.file.value.clone(),
        n_rows: columns.first().map_or(0, |it| it.cells.len()),
        columns: columns.iter().zip(kinds).map(column).collect(),
    }
}

/// The cells, each once, in order; none if they are more than people choose from.
fn distinct(cells: &[Option<Box<str>>]) -> Vec<&Option<Box<str>>> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for cell in cells.iter().filter(|it| it.is_some()) {
        if seen.insert(cell) {
            all.push(cell);
        }
        if estimators::MOST_CATEGORIES < all.len() {
            return Vec::new();
        }
    }
    all
}

pub(super) fn own(err: sql::Error) -> Error {
    Error::caused(Category::Data, "", err)
}

fn write(
    name: &str,
    columns: &[Loaded],
    kinds: &[ColumnType],
    draft: &mut Draft,
) -> Result<(), Error> {
    let column = |(column, kind): (&Loaded, &ColumnType)| {
        let affinity = match kind {
            ColumnType::Text => Affinity::Text,
            ColumnType::Integer => Affinity::Integer,
            ColumnType::Number => Affinity::Real,
        };
        Column::new(&column.name, affinity)
    };
    let table = Table::new(name, columns.iter().zip(kinds).map(column));
    let mut rows = draft.table(&table).map_err(own)?;
    let n_rows = columns.first().map_or(0, |it| it.cells.len());
    for row in 0..n_rows {
        let cells = columns.iter().map(|it| it.cells.get(row).and_then(Option::as_deref));
        let row: Vec<Value<'_>> =
            cells.zip(kinds).map(|(cell, kind)| cell_value(cell, *kind)).collect();
        rows.add(&row).map_err(own)?;
    }
    Ok(())
}

/// What is none of an inferred type after all stays the text that it is.
fn cell_value(cell: Option<&str>, kind: ColumnType) -> Value<'_> {
    column::value(cell, kind).or(cell.map(Value::Text)).unwrap_or(Value::Null)
}
