//! The first rows of a table, for people.

use storage::{Location, Storage};
use table::compression;
use table::csv::{Column, Kind, Plan, Reader, ReaderOptions};

use crate::{Category, Error};

/// Column names and the first rows of a table, as text; a missing cell is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Column names.
    pub names: Vec<String>,
    /// Rows, each as long as `names`.
    pub rows: Vec<Vec<String>>,
}

/// Reads the first `n_rows` rows of a table.
///
/// # Errors
/// It cannot be read.
pub fn preview(location: &Location, n_rows: usize, storage: &Storage) -> Result<Preview, Error> {
    let source = storage.open(location).map_err(Error::storage)?;
    let name = location.file_name();
    let unreadable = |err| Error::caused(Category::Data, "Failed to load data: ", err);
    let plain = compression::open(source.reader, &name);
    let mut reader = Reader::new(plain, &name, ReaderOptions::default()).map_err(unreadable)?;
    let names = reader.header().names().to_vec();
    let wanted: Vec<(usize, Kind)> = (0..names.len()).map(|it| (it, Kind::Text)).collect();
    let none: &[String] = &[];
    let plan = Plan::new(reader.header(), &wanted, none).map_err(unreadable)?;
    let mut rows = Vec::new();
    if let Some(chunk) = reader.next_chunk().map_err(unreadable)?
        && let Some(tile) = chunk.tiles(&plan, n_rows).next().map_err(unreadable)?
    {
        let cell = |column: &Column, row| match column {
            Column::Text(it) => it.get(row).unwrap_or_default().to_owned(),
            Column::Number(..) => String::new(),
        };
        rows = (0..tile.n_rows())
            .map(|row| tile.columns.iter().map(|it| cell(it, row)).collect())
            .collect();
    }
    Ok(Preview { names, rows })
}
