//! Files that are tables: rows of CSV, JSON Lines and Parquet, and pickled tables, into the database.

use std::collections::BTreeSet;

use estimators::{Category as Key, Cells, LookupTable, Model, State};
use object_graph::Kind;
use sql::{Affinity, Column, Draft, Table, Value};
use storage::Location;
use table::csv::{ReaderOptions, parse_number};
use table::{Format, Raw, RowPart};

use super::spec::{ColumnType, TableSpec};
use crate::load::load_graph;
use crate::open::open_table;
use crate::problems::Problems;
use crate::records::Cell;
use crate::{Category, Error, Settings};

/// A column that was read: its cells as text, and what they are together.
struct Loaded {
    name: String,
    cells: Vec<Option<Box<str>>>,
    seen: Seen,
    is_key: bool,
}

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

/// What sorts of cells a column has.
#[derive(Default, Clone, Copy)]
struct Seen {
    bools: bool,
    ints: bool,
    floats: bool,
    texts: bool,
}

impl Seen {
    /// As pandas infers it.
    fn kind(self) -> ColumnType {
        match (self.texts || self.bools && (self.ints || self.floats), self.floats) {
            (true, _) => ColumnType::Text,
            (false, true) => ColumnType::Number,
            (false, false) => ColumnType::Integer,
        }
    }
}

/// Adds a table to the database.
pub(super) fn load(
    spec: &TableSpec,
    location: &Location,
    draft: &mut Draft,
    settings: &Settings,
) -> Result<TableFacts, Error> {
    let mut columns = read(location, settings)?;
    choose(spec, &mut columns)?;
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

/// Takes the columns that are chosen, by their new names.
///
/// # Errors
/// Names of columns that are not there, all of them.
fn choose(spec: &TableSpec, columns: &mut Vec<Loaded>) -> Result<(), Error> {
    let mut problems = Problems::default();
    let lacks = |it: &str| columns.iter().all(|column| column.name != it);
    let lacking: Vec<&str> =
        spec.columns.iter().flatten().map(String::as_str).filter(|it| lacks(it)).collect();
    if !lacking.is_empty() {
        let has: Vec<&str> = columns.iter().map(|it| it.name.as_str()).collect();
        problems.add(|| {
            format!("there are no columns {}; it has {}", lacking.join(", "), has.join(", "))
        });
    }
    let n_lacking = lacking.len();
    if let Some(chosen) = &spec.columns {
        columns.retain(|it| chosen.contains(&it.name));
    }
    match &spec.names {
        Some(names) if names.len() != columns.len() + n_lacking => {
            let n_columns = columns.len() + n_lacking;
            problems.add(|| format!("there are {} names for {n_columns} columns", names.len()));
        }
        Some(names) if n_lacking == 0 => {
            columns.iter_mut().zip(names).for_each(|(column, name)| column.name.clone_from(name));
        }
        _ => {}
    }
    // What a column is called that is told already may be any of these.
    let is_known = |it: &str| {
        let names = spec.columns.iter().chain(&spec.names).flatten();
        columns.iter().any(|column| column.name == it)
            || n_lacking != 0 && names.clone().any(|name| name == it)
    };
    let typed = spec.types.iter().map(|(name, _)| ("types", name.value.as_str()));
    let indexed = spec.index.iter().flatten().map(|it| ("index", it.as_str()));
    for (key, name) in typed.chain(indexed).filter(|(_, it)| !is_known(it)) {
        problems.add(|| format!("{key}: there is no column {name}"));
    }
    problems.none(Category::Data)
}

fn facts(spec: &TableSpec, columns: &[Loaded], kinds: &[ColumnType]) -> TableFacts {
    let column = |(it, kind): (&Loaded, &ColumnType)| {
        let cell = |cell: &Option<Box<str>>| match value(cell.as_deref(), *kind) {
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
        let row: Vec<Value<'_>> = cells.zip(kinds).map(|(cell, kind)| value(cell, *kind)).collect();
        rows.add(&row).map_err(own)?;
    }
    Ok(())
}

fn value(cell: Option<&str>, kind: ColumnType) -> Value<'_> {
    let Some(text) = cell else { return Value::Null };
    match kind {
        ColumnType::Text => Value::Text(text),
        ColumnType::Integer => match text {
            "True" | "true" | "TRUE" => Value::Integer(1),
            "False" | "false" | "FALSE" => Value::Integer(0),
            // What is no whole number after all stays what it is.
            text => text.trim().parse().map_or(Value::Text(text), Value::Integer),
        },
        ColumnType::Number => parse_number(text.as_bytes()).map_or(Value::Text(text), Value::Real),
    }
}

/// The columns of a file, by its name's extension; what is none of the formats of tables is a pickle.
fn read(location: &Location, settings: &Settings) -> Result<Vec<Loaded>, Error> {
    let name = location.file_name().to_ascii_lowercase();
    let bare =
        [".gz", ".bz2", ".xz", ".zst"].iter().find_map(|it| name.strip_suffix(it)).unwrap_or(&name);
    let format = match bare.rsplit('.').next() {
        Some("csv") => Format::Csv,
        Some("jsonl" | "ndjson") => Format::JsonLines,
        Some("parquet") => Format::Parquet,
        _ => return pickled(location, settings),
    };
    let reader =
        open_table(location, Some(format), ReaderOptions::default(), &settings.storage)?.reader;
    let new = |name: &String| Loaded {
        name: name.clone(),
        cells: Vec::new(),
        seen: Seen::default(),
        is_key: false,
    };
    let mut columns: Vec<Loaded> = reader.head().names().iter().map(new).collect();
    if sql::MAX_COLUMNS * 10 < columns.len() {
        let text = format!("it has {} columns, which is too many for a table", columns.len());
        return Err(Error::new(Category::Data, text));
    }
    let (mut n_rows, mut n_bytes) = (0, 0_u64);
    let most = settings.limits.sql.table_bytes;
    let n_columns = columns.len() as u64;
    reader.for_each_part(&mut |part| {
        match part {
            RowPart::Cell(at, cell) => {
                if let Some(column) = columns.get_mut(at) {
                    n_bytes += column.add(n_rows, cell);
                }
            }
            RowPart::End => {
                n_rows += 1;
                n_bytes += n_columns * size_of::<Option<Box<str>>>() as u64;
            }
        }
        if most < n_bytes {
            let text = format!("it takes more than {most} bytes in memory");
            return Err(Error::new(Category::Data, text));
        }
        Ok(())
    })?;
    columns.iter_mut().for_each(|it| it.cells.resize(n_rows, None));
    Ok(columns)
}

impl Loaded {
    /// Adds a cell; how many bytes it takes.
    fn add(&mut self, row: usize, cell: Raw<'_>) -> u64 {
        let text = match cell {
            Raw::Missing | Raw::Other => None,
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
        let bytes = text.as_ref().map_or(0, |it| it.len() as u64);
        // Of a key that is twice in a line, the last counts.
        self.cells.truncate(row);
        self.cells.resize(row, None);
        self.cells.push(text.map(Into::into));
        bytes
    }

    fn of_cells<'a>(
        name: String,
        cells: impl Iterator<Item = std::borrow::Cow<'a, Key>>,
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
}

/// A pickled dict, Series or object with `mapping` and `global_mean`, or a `DataFrame`.
fn pickled(location: &Location, settings: &Settings) -> Result<Vec<Loaded>, Error> {
    let graph = load_graph(location, settings)?;
    let state = State::root(graph.root(), Model::budget(&graph), &settings.classes);
    let failed = |err: &dyn std::fmt::Display| {
        Error::new(Category::Data, format!("Failed to load data: {err}"))
    };
    if let Kind::DataFrame(_) = graph.root().kind() {
        let columns = estimators::frame_columns(&state).map_err(|err| failed(&err))?;
        return Ok(columns
            .into_iter()
            .map(|(name, cells)| Loaded::of_cells(name, cells.iter(), false))
            .collect());
    }
    let table = match LookupTable::find(&state) {
        Some(found) => found.map_err(|err| failed(&err))?,
        None => {
            let text = format!(
                "it holds {}; a dict, Series, DataFrame or object with mapping and global_mean is expected",
                graph.root().type_name()
            );
            return Err(Error::new(Category::Data, text));
        }
    };
    let keys = table.key_columns();
    let key_name =
        |at: usize| if keys.len() == 1 { "key".to_owned() } else { format!("key_{}", at + 1) };
    let column = |(at, it): (usize, &estimators::KeyColumn)| {
        let name = it.name.clone().unwrap_or_else(|| key_name(at));
        Loaded::of_cells(name, it.keys.iter(), true)
    };
    let mut columns: Vec<Loaded> = keys.iter().enumerate().map(column).collect();
    let mut value = table.value_name().unwrap_or("value").to_owned();
    let taken: BTreeSet<String> = columns.iter().map(|it| it.name.to_lowercase()).collect();
    if taken.contains(&value.to_lowercase()) {
        value = format!("{value}_value");
    }
    columns.push(Loaded::of_cells(value, Cells::iter(table.values()), false));
    Ok(columns)
}
