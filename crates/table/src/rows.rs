//! A whole table of any format, cell by cell: for small tables that are kept in memory.

use crate::cells::{Cells, Typed};
use crate::cross::Raw;
use crate::csv::DEFAULT_ROWS_PER_TILE;
use crate::source::{Reader, Tile};
use crate::{Error, Place};

/// What comes next in a table.
#[derive(Debug)]
pub enum RowPart<'a> {
    /// A cell and its column's place among the names. Of a key that is twice in a line of JSON both come, the last
    /// counts; one that the table's first lines do not have has the place behind the last name.
    Cell(usize, Raw<'a>),
    /// The row has no more cells; those that did not come are missing.
    End,
}

/// Tells a row's place, without the file's name and the column's.
pub type Where<'a> = &'a dyn Fn() -> Place;

impl Reader {
    /// Reads all rows, from the first to the last, cell by cell.
    ///
    /// # Errors
    /// The source fails, or what it holds is no table; what `each` gives.
    pub fn for_each_part<E: From<Error>>(
        mut self,
        each: &mut dyn FnMut(RowPart<'_>, Where<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let head = self.head();
        let none: &[String] = &[];
        let plan = head.plan(&[], none)?.with_all()?;
        self.select(&plan);
        while let Some(chunk) = self.next_chunk()? {
            let mut tiles = chunk.tiles(&plan, DEFAULT_ROWS_PER_TILE)?;
            while let Some(tile) = tiles.next()? {
                for row in 0..tile.n_rows() {
                    let mut done = Ok(());
                    let place = || tile.place(row);
                    let mut cell = |column, cell: Raw<'_>| {
                        if done.is_ok() {
                            done = each(RowPart::Cell(column, cell), &place);
                        }
                    };
                    match &tile {
                        Tile::Parquet(it) => it
                            .all
                            .iter()
                            .enumerate()
                            .for_each(|(column, cells)| cell(column, cells.raw(row))),
                        text => text.for_each_cell(&head, row, cell),
                    }
                    done?;
                    each(RowPart::End, &place)?;
                }
            }
        }
        Ok(())
    }
}

impl Cells {
    fn raw(&self, row: usize) -> Raw<'_> {
        let Some(text) = self.text(row) else { return Raw::Missing };
        match &self.values {
            Typed::Bool(it) => Raw::Bool(it.get(row).copied().unwrap_or_default(), text),
            Typed::Int(it) => Raw::Int(it.get(row).copied().unwrap_or_default(), text),
            Typed::Float32(it) => {
                Raw::Float(it.get(row).copied().map_or(f64::NAN, f64::from), text)
            }
            Typed::Float64(it) => Raw::Float(it.get(row).copied().unwrap_or(f64::NAN), text),
            Typed::Text(_) => Raw::Text(text),
        }
    }
}
