//! The header of a CSV, without its rows.

use std::io::Cursor;

use storage::Location;
use table::compression::Compression;
use table::csv::ReaderOptions;
use table::{Format, Reader};

use crate::open::open_table;
use crate::{Category, Error, Settings};

/// So many bytes are asked for first; most headers have fewer.
const FIRST_BYTES: usize = 16 << 10;
/// A longer header is none.
const MOST_BYTES: usize = 4 << 20;

/// The names in the first line of a CSV: only its beginning is read.
pub(super) fn names(location: &Location, settings: &Settings) -> Result<Vec<String>, Error> {
    let name = location.file_name();
    if Compression::of(&name) != Compression::None {
        let opened =
            open_table(location, Some(Format::Csv), ReaderOptions::default(), &settings.storage)?;
        return Ok(opened.reader.head().names().to_vec());
    }
    let ranged = settings.storage.open_ranged(location).map_err(Error::storage)?;
    let size = usize::try_from(ranged.size).unwrap_or(usize::MAX);
    let mut length = FIRST_BYTES;
    loop {
        let asked = length.min(size);
        let bytes = ranged.bytes.read_at(0, asked).map_err(failed)?;
        let end = bytes.iter().rposition(|it| *it == b'\n');
        let is_all = asked == size;
        if let Some(end) = end.map(|it| it + 1).or(is_all.then_some(asked)) {
            let head = bytes.get(..end).unwrap_or_default().to_vec();
            let reader = Reader::open(
                Box::new(Cursor::new(head)),
                &name,
                Format::Csv,
                ReaderOptions::default(),
            )?;
            return Ok(reader.head().names().to_vec());
        }
        if MOST_BYTES <= length {
            let text = format!(
                "Failed to load data: {name}: its header is longer than {MOST_BYTES} bytes"
            );
            return Err(Error::new(Category::Data, text));
        }
        length *= 4;
    }
}

fn failed(err: std::io::Error) -> Error {
    match storage::Error::of(err) {
        Ok(own) => Error::storage(own),
        Err(io) => Error::caused(Category::System, "Failed to load data: ", io),
    }
}
