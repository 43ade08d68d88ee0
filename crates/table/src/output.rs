//! A table with its outputs on its way to a file: what goes before the rows, the rows in order, the end.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::cells::{Cells, Typed};
use crate::cross::{CellKind, cells, infer};
use crate::csv::{Values, write_text};
use crate::parquet::{Answers, Place, RowGroups, Splicer, is_float_to_pandas, owned, places};
use crate::source::{Chunk, Head, Tile};
use crate::{Error, Format, compression, json_lines};

pub use crate::parquet::OutputKind;

/// An output: its name and what its values are.
pub type Output = (String, OutputKind);

/// How a table's rows become those of a file. Shared by all threads.
#[derive(Debug)]
pub struct Encoder {
    head: Head,
    file: String,
    to: Format,
    /// Where columns and outputs stand.
    places: Vec<Place>,
    /// The columns' types, in another format than the table's.
    kinds: Vec<CellKind>,
    /// Each column's key as JSON with the colon, in the order of `places`.
    keys: Vec<String>,
}

/// Some rows as they are to be written. Made on any thread ([`Encoder::add`]).
#[derive(Debug, Default)]
pub struct Encoded {
    text: Vec<u8>,
    /// To go with a Parquet file's own columns.
    answers: Vec<Answers>,
    /// All columns of a tile.
    rows: Vec<Vec<Cells>>,
}

impl Encoder {
    /// For a table with this head, named `file` in errors, whose first rows are `first`.
    ///
    /// # Errors
    /// The first rows cannot be read.
    pub fn new(
        head: &Head,
        first: &Chunk,
        file: &str,
        to: Format,
        outputs: &[Output],
    ) -> Result<Self, Error> {
        let places = places(head.names(), outputs);
        let is_crossing = head.format() != to;
        let kinds = match head {
            Head::Parquet(_) => Vec::new(),
            _ if is_crossing => infer(head, first)?,
            _ => Vec::new(),
        };
        let key = |place: &Place| {
            let name = place.name(head.names(), outputs);
            format!("{}:", serde_json::Value::from(name))
        };
        let keys = places.iter().map(key).collect();
        Ok(Self { head: head.clone(), file: file.to_owned(), to, places, kinds, keys })
    }

    /// Adds a tile's rows with the values of its outputs.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`](crate::ErrorKind::Usage) unless there is one value per row and output, and a
    /// label per code; a cell that is not of its column's type.
    pub fn add(
        &self,
        tile: &Tile<'_, '_>,
        outputs: &[Values<'_>],
        out: &mut Encoded,
    ) -> Result<(), Error> {
        if self.head.format() == self.to {
            return match tile {
                Tile::Parquet(it) => {
                    out.answers.push(Answers::new(it.chunk, outputs)?);
                    Ok(())
                }
                _ => tile.write(outputs, &mut out.text),
            };
        }
        outputs.iter().try_for_each(|values| values.check(tile.n_rows()))?;
        let cells = self.cells(tile)?;
        match self.to {
            Format::Csv => self.add_csv(tile.n_rows(), &cells, outputs, &mut out.text),
            Format::JsonLines => self.add_json(tile.n_rows(), &cells, outputs, &mut out.text),
            Format::Parquet => {
                let column = |place: &Place| match place {
                    Place::Kept(column) => cells.get(*column).cloned(),
                    Place::Output(index) => outputs.get(*index).map(owned),
                };
                out.rows.push(self.places.iter().filter_map(column).collect());
            }
        }
        Ok(())
    }

    /// The tile's columns by type.
    fn cells<'t>(&self, tile: &'t Tile<'_, '_>) -> Result<Cow<'t, [Cells]>, Error> {
        let (Tile::Parquet(it), Head::Parquet(file)) = (tile, &self.head) else {
            return cells(tile, &self.head, &self.kinds, &self.file).map(Cow::Owned);
        };
        let mut cells = Cow::Borrowed(it.all);
        if self.to == Format::Csv {
            for column in 0..it.all.len() {
                if is_float_to_pandas(file, column)
                    && let Some(cells) = cells.to_mut().get_mut(column)
                    && let Typed::Int(whole) = &cells.values
                {
                    cells.values = Typed::Float64(whole.iter().map(|it| *it as f64).collect());
                }
            }
        }
        Ok(cells)
    }

    fn add_csv(&self, n_rows: usize, cells: &[Cells], outputs: &[Values<'_>], out: &mut Vec<u8>) {
        for row in 0..n_rows {
            let start = out.len();
            for (index, place) in self.places.iter().enumerate() {
                if 0 < index {
                    out.push(b',');
                }
                match place {
                    Place::Kept(column) => {
                        if let Some(cells) = cells.get(*column) {
                            cells.write_csv(row, out);
                        }
                    }
                    Place::Output(index) => {
                        if let Some(values) = outputs.get(*index) {
                            values.write(row, b',', out);
                        }
                    }
                }
            }
            if out.len() == start {
                // Without quotes the row would be a blank line.
                out.extend_from_slice(b"\"\"");
            }
            out.push(b'\n');
        }
    }

    fn add_json(&self, n_rows: usize, cells: &[Cells], outputs: &[Values<'_>], out: &mut Vec<u8>) {
        for row in 0..n_rows {
            for (index, (place, key)) in self.places.iter().zip(&self.keys).enumerate() {
                out.push(if index == 0 { b'{' } else { b',' });
                out.extend_from_slice(key.as_bytes());
                match place {
                    Place::Kept(column) => {
                        if let Some(cells) = cells.get(*column) {
                            cells.write_json(row, out);
                        }
                    }
                    Place::Output(index) => {
                        if let Some(values) = outputs.get(*index) {
                            json_lines::write_value(values, row, out);
                        }
                    }
                }
            }
            out.extend_from_slice(b"}\n");
        }
    }
}

/// Writes a table with its outputs.
pub struct Writer<W: Write + Send> {
    target: Target<W>,
    /// Bytes of text, before compression.
    n_bytes: u64,
}

enum Target<W: Write + Send> {
    Text(compression::Writer<W>),
    Spliced(Box<Splicer<W>>),
    RowGroups(Box<RowGroups<W>>),
}

impl<W: Write + Send> Writer<W> {
    /// Starts a file of this name; one of text is compressed as its extension says.
    ///
    /// # Errors
    /// The sink's.
    pub fn new(sink: W, name: &str, encoder: &Encoder, outputs: &[Output]) -> io::Result<Self> {
        let Encoder { head, to, places, kinds, .. } = encoder;
        if *to == Format::Parquet {
            let target = match head {
                Head::Parquet(file) => {
                    Target::Spliced(Box::new(Splicer::new(sink, file, outputs)?))
                }
                _ => {
                    let rows = RowGroups::new(sink, head.names(), kinds, places, outputs)?;
                    Target::RowGroups(Box::new(rows))
                }
            };
            return Ok(Self { target, n_bytes: 0 });
        }
        let mut out = compression::Writer::new(sink, name)?;
        let mut n_bytes = 0;
        if *to == Format::Csv {
            let mut bytes = Vec::new();
            match head {
                Head::Csv(header) => {
                    let names: Vec<&str> = outputs.iter().map(|(name, _)| name.as_str()).collect();
                    header.write(&names, &mut bytes).map_err(io::Error::other)?;
                }
                _ => {
                    for (index, place) in places.iter().enumerate() {
                        if 0 < index {
                            bytes.push(b',');
                        }
                        write_text(place.name(head.names(), outputs), b',', &mut bytes);
                    }
                    bytes.push(b'\n');
                }
            }
            out.write_all(&bytes)?;
            n_bytes = bytes.len() as u64;
        }
        Ok(Self { target: Target::Text(out), n_bytes })
    }

    /// Writes the next rows.
    ///
    /// # Errors
    /// The sink's; an [`Error`] of the table's own file travels inside.
    pub fn write(&mut self, rows: Encoded) -> io::Result<()> {
        self.n_bytes += rows.text.len() as u64;
        match &mut self.target {
            Target::Text(out) => out.write_all(&rows.text),
            Target::Spliced(out) => rows.answers.into_iter().try_for_each(|it| out.write(it)),
            Target::RowGroups(out) => rows.rows.into_iter().try_for_each(|it| out.write(it)),
        }
    }

    /// Writes what goes behind the rows, and gives the sink back, and how many bytes there are before
    /// compression (of Parquet, after).
    ///
    /// # Errors
    /// The sink's.
    pub fn finish(self) -> io::Result<(W, u64)> {
        match self.target {
            Target::Text(out) => out.finish().map(|sink| (sink, self.n_bytes)),
            Target::Spliced(out) => out.finish(),
            Target::RowGroups(out) => out.finish(),
        }
    }
}
