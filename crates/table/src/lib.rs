//! Streaming tables: CSV, JSON Lines and Parquet to column tiles and back, the rows' own bytes untouched.
//!
//! The way of a table, each step a type of [`csv`] (and of [`json_lines`] and [`parquet`]; [`Reader`], [`Plan`], [`Chunk`]
//! and [`Tile`] are of any format):
//!
//! | step | in -> out | where |
//! |---|---|---|
//! | decompress | bytes -> bytes, by the file's extension | [`compression::open`] |
//! | read | bytes -> [`csv::Header`], then record-aligned [`csv::Chunk`]s, in order | [`csv::Reader`] |
//! | parse | a chunk -> [`csv::Tile`]s: columns of a few thousand rows, only those wanted | [`csv::Tiles`] |
//! | write | a tile's own bytes + one value per row and output | [`csv::Tile::write`] |
//! | many cores | chunks in, bytes out in input order, memory bounded | [`ordered::map_ordered`] |
//!
//! Chunk size, tile size and thread count never change what comes out. Reading follows
//! `pandas.read_csv` (its C parser, version 3): `tests/pandas` holds what it made of each case.
//!
//! ```
//! use table::csv::{Column, Kind, Plan, Reader, ReaderOptions, Values};
//!
//! let file = b"zip,rooms\n02139,3\n10001,NA\n".as_slice();
//! let mut reader = Reader::new(Box::new(file), "houses.csv", ReaderOptions::default())?;
//! let plan = Plan::new(reader.header(), &[(1, Kind::Number), (0, Kind::Text)], &["price"])?;
//!
//! let mut output = Vec::new();
//! reader.header().write(&["price"], &mut output)?;
//! while let Some(chunk) = reader.next_chunk()? {
//!     let mut tiles = chunk.tiles(&plan, table::csv::DEFAULT_ROWS_PER_TILE);
//!     while let Some(tile) = tiles.next()? {
//!         let Column::Number(rooms) = &tile.columns[0] else { unreachable!() };
//!         let price: Vec<f64> = rooms.iter().map(|rooms| rooms * 100.5).collect();
//!         tile.write(&[Values::Float64(&price)], &mut output)?;
//!     }
//! }
//! assert_eq!(output, b"zip,rooms,price\n02139,3,301.5\n10001,NA,\n");
//! # Ok::<(), table::Error>(())
//! ```

mod cells;
pub mod compression;
mod cross;
pub mod csv;
mod error;
mod format;
pub mod json_lines;
pub mod ordered;
mod output;
pub mod parquet;
mod rows;
mod source;

pub use cross::Raw;
pub use error::{Error, ErrorKind, Place};
pub use format::Format;
pub use output::{Encoded, Encoder, Output, OutputKind, Writer};
pub use rows::{RowPart, Where};
pub use source::{Chunk, Head, Plan, Reader, Tile, Tiles};
