//! Rows in memory, by columns.

use std::collections::HashMap;

use serde_json::{Map, Value};
use table::csv::ReaderOptions;
use table::{Format, Place, Reader, RowPart};

use super::Cell;
use crate::problems::Problems;
use crate::stream::unreadable;
use crate::{Category, Error};

/// More cells than this times those that are given are not made of them: each record may have keys of its own.
const FILLED: usize = 4;
/// So many cells are always made.
const ROOM: usize = 1 << 20;
/// From so many names on they are looked up by hash.
const MANY_NAMES: usize = 16;

/// Named columns of cells, all of one length.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    names: Vec<String>,
    cells: Vec<Vec<Cell>>,
    n_rows: usize,
    /// What the rows are called in messages: `records` for `records[2].age`.
    place: String,
}

impl Columns {
    /// Columns of cells; `place` is what messages call the rows, such as `records`.
    ///
    /// # Errors
    /// Columns of different lengths.
    pub fn new(
        place: &str,
        n_rows: usize,
        columns: impl IntoIterator<Item = (String, Vec<Cell>)>,
    ) -> Result<Self, Error> {
        let (names, cells): (Vec<String>, Vec<Vec<Cell>>) = columns.into_iter().unzip();
        if let Some(at) = cells.iter().position(|it| it.len() != n_rows) {
            let text = format!(
                "{place}: column {} has {} rows, others have {n_rows}",
                names[at],
                cells[at].len()
            );
            return Err(Error::new(Category::Data, text));
        }
        Ok(Self { names, cells, n_rows, place: place.to_owned() })
    }

    /// One row for each object of `records`; a key that one lacks is missing there.
    ///
    /// # Errors
    /// What is no object; a list or an object where a cell belongs; far more different keys than records
    /// hold.
    pub fn of_records(place: &str, records: &[Value]) -> Result<Self, Error> {
        Self::of_keys(place, records, &|_| true)
    }

    /// [`of_records`](Self::of_records) of the keys that are wanted alone.
    pub(crate) fn of_keys(
        place: &str,
        records: &[Value],
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Self, Error> {
        let mut problems = Problems::default();
        let all = Self::noting(place, records, is_wanted, &mut problems);
        problems.none(Category::Data).map(|()| all)
    }

    /// [`of_keys`](Self::of_keys) with what is wrong noted, and missing.
    pub(crate) fn noting(
        place: &str,
        records: &[Value],
        is_wanted: &dyn Fn(&str) -> bool,
        problems: &mut Problems,
    ) -> Self {
        let most = most_cells(records);
        let mut all = Self { n_rows: records.len(), place: place.to_owned(), ..Self::default() };
        let mut finder = Finder::default();
        for (row, record) in records.iter().enumerate() {
            let Value::Object(record) = record else {
                problems
                    .add(|| format!("{place}[{row}] is {}, an object is expected", sort(record)));
                continue;
            };
            for (next, (key, value)) in record.iter().filter(|(it, _)| is_wanted(it)).enumerate() {
                let column = finder.find(&mut all, next, key);
                if most < all.n_rows.saturating_mul(all.names.len()) {
                    let n_keys = all.names.len();
                    problems
                        .add(|| format!("{place} have {n_keys} different keys, which is too many"));
                    return Self { n_rows: all.n_rows, place: all.place, ..Self::default() };
                }
                let Some(cell) = Cell::of_json(value) else {
                    problems.add(|| {
                        format!(
                            "{place}[{row}].{key} is {}, a number, text or truth value is expected",
                            sort(value)
                        )
                    });
                    continue;
                };
                let cells = &mut all.cells[column];
                cells.resize(row, Cell::Null);
                cells.push(cell);
            }
        }
        all.cells.iter_mut().for_each(|it| it.resize(all.n_rows, Cell::Null));
        all
    }

    /// Columns from an object of lists: `{"age": [40, 41], "city": ["Rome", null]}`.
    ///
    /// # Errors
    /// What is no list; lists of different lengths; a list or an object where a cell belongs.
    pub fn of_lists(place: &str, lists: &Map<String, Value>) -> Result<Self, Error> {
        let mut problems = Problems::default();
        let mut columns = Vec::with_capacity(lists.len());
        for (name, list) in lists {
            let Value::Array(list) = list else {
                problems.add(|| format!("{place}.{name} is {}, a list is expected", sort(list)));
                continue;
            };
            let wrong = |row, value| {
                format!(
                    "{place}.{name}[{row}] is {}, a number, text or truth value is expected",
                    sort(value)
                )
            };
            columns.push((name.clone(), cells(list, &mut problems, wrong)));
        }
        problems.none(Category::Data)?;
        let n_rows = columns.first().map_or(0, |(_, it)| it.len());
        Self::new(place, n_rows, columns)
    }

    /// Rows that are lists, of columns with these names, or `0`, `1`, … without.
    ///
    /// # Errors
    /// What is no list; rows of different lengths; a list or an object where a cell belongs.
    pub fn of_rows(place: &str, names: Option<&[String]>, rows: &[Value]) -> Result<Self, Error> {
        let width = match (names, rows.first()) {
            (Some(names), _) => names.len(),
            (None, Some(Value::Array(first))) => first.len(),
            (None, _) => 0,
        };
        let mut problems = Problems::default();
        let mut columns: Vec<Vec<Cell>> = vec![Vec::new(); width];
        for (index, row) in rows.iter().enumerate() {
            let list = row.as_array().filter(|it| it.len() == width);
            let Some(list) = list else {
                problems.add(|| match row {
                    Value::Array(it) => {
                        format!("{place}[{index}] has {} values, expected {width}", it.len())
                    }
                    other => format!("{place}[{index}] is {}, a list is expected", sort(other)),
                });
                continue;
            };
            let wrong = |at, value| {
                format!(
                    "{place}[{index}][{at}] is {}, a number, text or truth value is expected",
                    sort(value)
                )
            };
            let row = cells(list, &mut problems, wrong);
            columns.iter_mut().zip(row).for_each(|(column, cell)| column.push(cell));
        }
        problems.none(Category::Data)?;
        let names: Vec<String> = match names {
            Some(names) => names.to_vec(),
            None => (0..width).map(|it| it.to_string()).collect(),
        };
        Self::new(place, rows.len(), names.into_iter().zip(columns))
    }

    /// The rows of a CSV text with a header, its cells as they stand; pandas' words for missing ones are missing.
    ///
    /// # Errors
    /// What is no table.
    pub fn of_csv(place: &str, text: &[u8]) -> Result<Self, Error> {
        let source = Box::new(std::io::Cursor::new(text.to_vec()));
        let reader = Reader::open(source, place, Format::Csv, ReaderOptions::default())
            .map_err(unreadable)?;
        let names = reader.head().names().to_vec();
        let mut all = Self {
            cells: vec![Vec::new(); names.len()],
            names,
            place: place.to_owned(),
            n_rows: 0,
        };
        let most = ROOM.max(FILLED * text.len());
        reader.for_each_part(&mut |part, place| {
            match part {
                RowPart::Cell(column, cell) => {
                    let Some(cell) = Cell::of_csv(cell) else {
                        let (file, column) =
                            (Some(all.place.clone()), all.names.get(column).cloned());
                        let place = Place { file, column, ..place() };
                        let text = format!("Failed to load data: {place}: it is not UTF-8");
                        return Err(Error::new(Category::Data, text));
                    };
                    if let Some(cells) = all.cells.get_mut(column) {
                        cells.resize(all.n_rows, Cell::Null);
                        cells.push(cell);
                    }
                }
                RowPart::End => all.n_rows += 1,
            }
            if all.n_rows.saturating_mul(all.names.len()) <= most {
                return Ok(());
            }
            Err(unreadable(table::Error::usage("the rows are mostly empty, of too many columns")))
        })?;
        all.cells.iter_mut().for_each(|it| it.resize(all.n_rows, Cell::Null));
        Ok(all)
    }

    /// The names, in order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// A column's cells.
    #[must_use]
    pub fn column(&self, index: usize) -> &[Cell] {
        self.cells.get(index).map_or(&[], Vec::as_slice)
    }

    /// A row as an object.
    #[must_use]
    pub fn record(&self, row: usize) -> Value {
        let cell = |it: &Vec<Cell>| it.get(row).map_or(Value::Null, Cell::to_json);
        Value::Object(self.names.iter().cloned().zip(self.cells.iter().map(cell)).collect())
    }

    /// The column of a name.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|it| it == name)
    }

    /// Adds a column, or puts it in the place of the one that has its name.
    pub(crate) fn put(&mut self, name: &str, cells: Vec<Cell>) {
        debug_assert_eq!(cells.len(), self.n_rows);
        match self.position(name) {
            Some(at) => self.cells[at] = cells,
            None => {
                self.names.push(name.to_owned());
                self.cells.push(cells);
            }
        }
    }

    /// One column of as many rows, called as these are.
    pub(crate) fn with(&self, name: &str, cells: Vec<Cell>) -> Self {
        debug_assert_eq!(cells.len(), self.n_rows);
        Self { names: vec![name.to_owned()], cells: vec![cells], ..self.clone_empty() }
    }

    fn clone_empty(&self) -> Self {
        Self { n_rows: self.n_rows, place: self.place.clone(), ..Self::default() }
    }

    /// Columns by name, in another order; those that are not there are 0.
    pub(crate) fn select<'a>(mut self, names: impl Iterator<Item = &'a String>) -> Self {
        let mut all = self.clone_empty();
        for name in names {
            let cells = match self.position(name) {
                Some(at) => std::mem::take(&mut self.cells[at]),
                None => vec![Cell::Integer(0); self.n_rows],
            };
            all.names.push(name.clone());
            all.cells.push(cells);
        }
        all
    }

    /// Where a cell is, for messages: `records[2].age`.
    pub(crate) fn place(&self, row: Option<usize>, column: Option<&str>) -> String {
        let row = row.map_or_else(String::new, |it| format!("[{it}]"));
        let column = column.map_or_else(String::new, |it| format!(".{it}"));
        format!("{}{row}{column}", self.place)
    }
}

/// So many cells are made of records, which may be mostly empty.
pub(crate) fn most_cells(records: &[Value]) -> usize {
    let n_given: usize = records.iter().filter_map(Value::as_object).map(Map::len).sum();
    ROOM.max(FILLED * n_given)
}

/// What a JSON value is, for messages.
pub(crate) fn sort(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn cells<'a>(
    list: &'a [Value],
    problems: &mut Problems,
    wrong: impl Fn(usize, &'a Value) -> String,
) -> Vec<Cell> {
    let cell = |(at, value): (usize, &'a Value)| {
        Cell::of_json(value).unwrap_or_else(|| {
            problems.add(|| wrong(at, value));
            Cell::Null
        })
    };
    list.iter().enumerate().map(cell).collect()
}

/// Finds a key's column: keys mostly come in one order.
#[derive(Default)]
struct Finder(HashMap<String, usize>);

impl Finder {
    fn find(&mut self, all: &mut Columns, next: usize, key: &str) -> usize {
        if all.names.get(next).is_some_and(|it| it == key) {
            return next;
        }
        let is_many = MANY_NAMES <= all.names.len();
        if is_many && self.0.is_empty() {
            self.0.extend(all.names.iter().cloned().enumerate().map(|(at, name)| (name, at)));
        }
        let found = if is_many { self.0.get(key).copied() } else { all.position(key) };
        found.unwrap_or_else(|| {
            all.names.push(key.to_owned());
            all.cells.push(Vec::new());
            if is_many {
                self.0.insert(key.to_owned(), all.names.len() - 1);
            }
            all.names.len() - 1
        })
    }
}
