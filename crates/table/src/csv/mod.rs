//! CSV as `pandas.read_csv` reads it, streamed: header, chunks of whole records, tiles of columns,
//! and the rows' own bytes out again with values added.
//!
//! Terms: a *record* is a header or row with its line ending, over several lines if a quoted
//! field has line breaks. A *field* is the bytes between two delimiters, a *cell* its unquoted
//! content. Fields end at the delimiter, `\n`, `\r\n` or `\r`. A quote opens a quoted part only as
//! a field's first byte; anywhere else it is content.

mod chunk;
mod decimal;
mod field;
mod header;
mod number;
mod number_text;
mod output;
mod plan;
mod reader;
mod record;
mod text_column;
mod tile;
mod tiles;

pub use chunk::Chunk;
pub use header::{Header, LineEnding};
pub use number::parse_number;
pub use number_text::{write_f32, write_f64};
pub use output::Values;
pub(crate) use output::{check_names, write_text};
pub use plan::{Kind, Plan};
pub use reader::{Reader, ReaderOptions};
pub use text_column::{TextColumn, is_missing_word};
pub use tile::{Column, DEFAULT_ROWS_PER_TILE, NumberForms, Tile};
pub use tiles::Tiles;
