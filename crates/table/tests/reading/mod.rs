//! Whole tables at once, for tests.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "each test uses its part")]

use std::io::Cursor;

use table::Error;
use table::csv::{
    Column, DEFAULT_ROWS_PER_TILE, Kind, NumberForms, Plan, Reader, ReaderOptions, Tile,
};

/// How a table is cut into pieces, which must not matter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pieces {
    pub(crate) chunk_bytes: usize,
    pub(crate) rows_per_tile: usize,
}

pub(crate) const LARGE: Pieces =
    Pieces { chunk_bytes: 1 << 20, rows_per_tile: DEFAULT_ROWS_PER_TILE };

/// The delimiter of the case of this name.
pub(crate) fn delimiter_of(name: &str) -> u8 {
    match name {
        "semicolon" => b';',
        "tab" => b'\t',
        "space" => b' ',
        _ => b',',
    }
}

pub(crate) fn reader(file: &[u8], delimiter: u8, pieces: Pieces) -> Result<Reader, Error> {
    let options =
        ReaderOptions { delimiter, chunk_bytes: pieces.chunk_bytes, ..ReaderOptions::default() };
    Reader::new(Box::new(Cursor::new(file.to_vec())), "data.csv", options)
}

/// Calls `each` with every tile of the table.
pub(crate) fn for_each_tile(
    reader: &mut Reader,
    plan: &Plan,
    pieces: Pieces,
    mut each: impl FnMut(&mut Tile<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    while let Some(chunk) = reader.next_chunk()? {
        let mut tiles = chunk.tiles(plan, pieces.rows_per_tile);
        while let Some(tile) = tiles.next()? {
            each(tile)?;
        }
    }
    Ok(())
}

pub(crate) fn header_names(file: &[u8], delimiter: u8) -> Vec<String> {
    reader(file, delimiter, LARGE).unwrap().header().names().to_vec()
}

pub(crate) fn as_text(
    file: &[u8],
    delimiter: u8,
    column: usize,
) -> Result<Vec<Option<String>>, Error> {
    let mut reader = reader(file, delimiter, LARGE)?;
    let plan = Plan::new::<&str>(reader.header(), &[(column, Kind::Text)], &[])?;
    let mut rows = Vec::new();
    for_each_tile(&mut reader, &plan, LARGE, |tile| {
        let Column::Text(text) = &tile.columns[0] else { panic!("a text column was wanted") };
        rows.extend(text.iter().map(|cell| cell.map(str::to_owned)));
        Ok(())
    })?;
    Ok(rows)
}

pub(crate) fn as_numbers(
    file: &[u8],
    delimiter: u8,
    column: usize,
) -> Result<(Vec<f64>, NumberForms), Error> {
    let mut reader = reader(file, delimiter, LARGE)?;
    let plan = Plan::new::<&str>(reader.header(), &[(column, Kind::Number)], &[])?;
    let (mut rows, mut forms) = (Vec::new(), NumberForms::default());
    for_each_tile(&mut reader, &plan, LARGE, |tile| {
        let Column::Number(numbers) = &tile.columns[0] else { panic!("numbers were wanted") };
        rows.extend_from_slice(numbers);
        forms = forms.join(tile.number_forms[0]);
        Ok(())
    })?;
    Ok((rows, forms))
}
