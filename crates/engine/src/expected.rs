//! The table that holds Python's predictions, handed out a few rows at a time.

use std::collections::VecDeque;

use storage::{Location, Storage};
use table::csv::{Column, DEFAULT_ROWS_PER_TILE, Kind, ReaderOptions, TextColumn};
use table::{Plan, Reader};

use crate::open::open_table;
use crate::stream::unreadable;
use crate::{Category, Error};

/// Rows of some of a table's columns, as text.
pub(crate) struct Expected {
    name: String,
    reader: Reader,
    plan: Plan,
    /// The names of the columns compared.
    pub(crate) columns: Vec<String>,
    tiles: VecDeque<Vec<TextColumn>>,
    /// Rows of the first tile that were handed out.
    taken: usize,
}

impl Expected {
    /// Opens a table, and finds the predictions in it: the columns with the names Pythia gives them, or
    /// else all columns if there are as many.
    pub(crate) fn open(
        location: &Location,
        names: &[String],
        storage: &Storage,
    ) -> Result<Self, Error> {
        let mut reader = open_table(location, None, ReaderOptions::default(), storage)?.reader;
        let name = location.file_name();
        let head = reader.head();
        let found =
            places(head.names(), names).ok_or_else(|| no_match(&name, head.names(), names))?;
        let columns = found.iter().map(|&it| head.names()[it].clone()).collect();
        let wanted: Vec<(usize, Kind)> = found.iter().map(|&it| (it, Kind::Text)).collect();
        let none: &[String] = &[];
        let plan = head.plan(&wanted, none).map_err(unreadable)?;
        reader.select(&plan);
        Ok(Self { name, reader, plan, columns, tiles: VecDeque::new(), taken: 0 })
    }

    /// Hands the next row's cells to `take`: a column's index and its text, `None` if it is missing.
    ///
    /// # Errors
    /// The table ends, or cannot be read.
    pub(crate) fn next_row(
        &mut self,
        row: u64,
        mut take: impl FnMut(usize, Option<&str>),
    ) -> Result<(), Error> {
        if !self.has_row()? {
            let text = format!("{} ends after {row} rows, the data goes on", self.name);
            return Err(Error::new(Category::Data, text));
        }
        for (column, cells) in self.tiles.front().into_iter().flatten().enumerate() {
            take(column, cells.get(self.taken));
        }
        self.taken += 1;
        Ok(())
    }

    /// Checks that all rows were handed out.
    ///
    /// # Errors
    /// There are more; the table cannot be read.
    pub(crate) fn at_end(&mut self, n_rows: u64) -> Result<(), Error> {
        if self.has_row()? {
            let text = format!("{} has more rows than the data, which has {n_rows}", self.name);
            return Err(Error::new(Category::Data, text));
        }
        Ok(())
    }

    fn has_row(&mut self) -> Result<bool, Error> {
        loop {
            let left = self.tiles.front().map(|it| it.first().map_or(0, TextColumn::len));
            match left {
                Some(n_rows) if self.taken < n_rows => return Ok(true),
                Some(_) => {
                    self.tiles.pop_front();
                    self.taken = 0;
                }
                None if !self.read_chunk()? => return Ok(false),
                None => {}
            }
        }
    }

    fn read_chunk(&mut self) -> Result<bool, Error> {
        let Some(chunk) = self.reader.next_chunk().map_err(unreadable)? else { return Ok(false) };
        let mut tiles = chunk.tiles(&self.plan, DEFAULT_ROWS_PER_TILE).map_err(unreadable)?;
        while let Some(mut tile) = tiles.next().map_err(unreadable)? {
            let text = |it| match it {
                Column::Text(it) => it,
                Column::Number(_) => TextColumn::default(),
            };
            self.tiles.push_back(tile.take_columns().into_iter().map(text).collect());
        }
        Ok(true)
    }
}

fn places(header: &[String], names: &[String]) -> Option<Vec<usize>> {
    let named: Option<Vec<usize>> =
        names.iter().map(|name| header.iter().position(|it| it == name)).collect();
    named.or_else(|| (header.len() == names.len()).then(|| (0..header.len()).collect()))
}

fn no_match(table: &str, header: &[String], names: &[String]) -> Error {
    let list = |it: &[String]| match it.get(..8) {
        Some(first) if 8 < it.len() => format!("{}, … ({} in all)", first.join(", "), it.len()),
        _ => it.join(", "),
    };
    let text = format!(
        "{table} has the columns {}; expected are {} (--column says how the names begin), or exactly {} \
         under a header line",
        list(header),
        list(names),
        names.len()
    );
    Error::new(Category::Data, text)
}
