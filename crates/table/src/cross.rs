//! Rows of one format for another: each column gets the type that its first rows have, as pandas would
//! infer it from them.
//!
//! A stream is not read twice: a later cell that does not fit its column's type is an error that names it.
//! Whole numbers and booleans may be missing later.

use std::borrow::Cow;

use crate::cells::{Cells, Typed};
use crate::csv::TextColumn;
use crate::source::{Chunk, Head, Plan, Tile};
use crate::{Error, ErrorKind, Place};

/// A cell of a format of text, with the text it has there.
#[derive(Debug, PartialEq)]
pub enum Raw<'a> {
    /// Nothing.
    Missing,
    /// A truth value.
    Bool(bool, Cow<'a, str>),
    /// A whole number.
    Int(i64, Cow<'a, str>),
    /// Another number.
    Float(f64, Cow<'a, str>),
    /// Text.
    Text(Cow<'a, str>),
    /// A list or an object, or what is not UTF-8.
    Other,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CellKind {
    Bool,
    Int,
    Float,
    Text,
}

impl CellKind {
    fn noun(self) -> &'static str {
        match self {
            Self::Bool => "booleans",
            Self::Int => "whole numbers",
            Self::Float => "numbers",
            Self::Text => "text",
        }
    }

    pub(crate) fn empty(self) -> Typed {
        match self {
            Self::Bool => Typed::Bool(Vec::new()),
            Self::Int => Typed::Int(Vec::new()),
            Self::Float => Typed::Float64(Vec::new()),
            Self::Text => Typed::Text(TextColumn::default()),
        }
    }
}

/// What cells of a column there are.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    missing: bool,
    bools: bool,
    ints: bool,
    floats: bool,
    texts: bool,
}

impl Seen {
    fn add(&mut self, cell: &Raw<'_>) {
        match cell {
            Raw::Missing => self.missing = true,
            Raw::Bool(..) => self.bools = true,
            Raw::Int(..) => self.ints = true,
            Raw::Float(..) => self.floats = true,
            Raw::Text(_) | Raw::Other => self.texts = true,
        }
    }

    fn kind(self) -> CellKind {
        let numbers = self.ints || self.floats;
        match (self.texts || self.bools && numbers, self.bools) {
            (true, _) => CellKind::Text,
            (false, true) => CellKind::Bool,
            (false, false) if self.ints && !self.floats && !self.missing => CellKind::Int,
            (false, false) => CellKind::Float,
        }
    }
}

/// The types of a text table's columns, by its first rows.
pub(crate) fn infer(head: &Head, first: &Chunk) -> Result<Vec<CellKind>, Error> {
    let none: &[String] = &[];
    let plan: Plan = head.plan(&[], none)?;
    let mut seen = vec![Seen::default(); head.names().len()];
    let mut tiles = first.tiles(&plan, crate::csv::DEFAULT_ROWS_PER_TILE)?;
    while let Some(tile) = tiles.next()? {
        for row in 0..tile.n_rows() {
            tile.for_each_cell(head, row, |column, cell| {
                if let Some(seen) = seen.get_mut(column) {
                    seen.add(&cell);
                }
            });
        }
    }
    Ok(seen.into_iter().map(Seen::kind).collect())
}

/// A tile's rows by column.
pub(crate) fn cells(
    tile: &Tile<'_, '_>,
    head: &Head,
    kinds: &[CellKind],
    file: &str,
) -> Result<Vec<Cells>, Error> {
    let empty = |kind: &CellKind| Cells { values: kind.empty(), missing: Vec::new() };
    let mut columns: Vec<Cells> = kinds.iter().map(empty).collect();
    let mut fault = None;
    for row in 0..tile.n_rows() {
        tile.for_each_cell(head, row, |column, cell| {
            let done = match columns.get_mut(column) {
                Some(cells) if cells.len() == row => push(cells, cell),
                Some(_) => Err("the key a second time".to_owned()),
                None => Err("a key that none of the first lines has".to_owned()),
            };
            if let Err(text) = done {
                fault = fault.take().or(Some((column, text)));
            }
        });
        for cells in &mut columns {
            // A key that is not there.
            if cells.len() <= row {
                let _ = push(cells, Raw::Missing);
            }
        }
        if let Some((column, cell)) = fault {
            let name = head.names().get(column).map_or("", String::as_str);
            let place = Place { file: Some(file.to_owned()), ..tile.place(row) };
            let message = match kinds.get(column) {
                Some(kind) => format!("{cell} in a column whose first rows are {}", kind.noun()),
                None => cell,
            };
            let message = format!("{message}: another format needs one type for all rows");
            return Err(Error::new(ErrorKind::NotText, place.with_column(name), message));
        }
    }
    Ok(columns)
}

/// Adds a cell; gives the cell's text if it is of another type.
fn push(cells: &mut Cells, cell: Raw<'_>) -> Result<(), String> {
    let is_missing = cell == Raw::Missing;
    match (&mut cells.values, cell) {
        (Typed::Bool(all), Raw::Missing) => all.push(false),
        (Typed::Bool(all), Raw::Bool(it, _)) => all.push(it),
        (Typed::Int(all), Raw::Missing) => all.push(0),
        (Typed::Int(all), Raw::Int(it, _)) => all.push(it),
        (Typed::Float64(all), Raw::Missing) => all.push(f64::NAN),
        (Typed::Float64(all), Raw::Int(it, _)) => all.push(it as f64),
        (Typed::Float64(all), Raw::Float(it, _)) => all.push(it),
        (Typed::Text(all), Raw::Missing) => all.push(None),
        (
            Typed::Text(all),
            Raw::Text(it) | Raw::Bool(_, it) | Raw::Int(_, it) | Raw::Float(_, it),
        ) => all.push(Some(&it)),
        (_, cell) => return Err(shown(&cell)),
    }
    cells.missing.push(is_missing);
    Ok(())
}

fn shown(cell: &Raw<'_>) -> String {
    match cell {
        Raw::Missing => "a missing value".to_owned(),
        Raw::Text(it) | Raw::Bool(_, it) | Raw::Int(_, it) | Raw::Float(_, it) => {
            format!("{:?}", it.chars().take(60).collect::<String>())
        }
        Raw::Other => "a list, an object, or what is not UTF-8".to_owned(),
    }
}
