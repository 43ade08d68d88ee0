//! The first rows of a table, for people.

use storage::{Location, Storage};
use table::Format;
use table::csv::{Column, Kind, ReaderOptions};

use crate::Error;
use crate::open::open_table;
use crate::stream::unreadable;

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
pub fn preview(
    location: &Location,
    format: Option<Format>,
    n_rows: usize,
    storage: &Storage,
) -> Result<Preview, Error> {
    let mut reader = open_table(location, format, ReaderOptions::default(), storage)?.reader;
    let head = reader.head();
    let names = head.names().to_vec();
    let wanted: Vec<(usize, Kind)> = (0..names.len()).map(|it| (it, Kind::Text)).collect();
    let none: &[String] = &[];
    let plan = head.plan(&wanted, none).map_err(unreadable)?;
    reader.select(&plan);
    let mut rows = Vec::new();
    if let Some(chunk) = reader.next_chunk().map_err(unreadable)?
        && let Some(mut tile) =
            chunk.tiles(&plan, n_rows).map_err(unreadable)?.next().map_err(unreadable)?
    {
        let cell = |column: &Column, row| match column {
            Column::Text(it) => it.get(row).unwrap_or_default().to_owned(),
            Column::Number(..) => String::new(),
        };
        let columns = tile.take_columns();
        rows = (0..tile.n_rows())
            .map(|row| columns.iter().map(|it| cell(it, row)).collect())
            .collect();
    }
    Ok(Preview { names, rows })
}
