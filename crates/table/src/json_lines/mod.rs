//! JSON Lines, streamed: an object a line in, the same bytes with keys added or replaced out.
//!
//! Keys give columns by name; a missing key or `null` is a missing value. Numbers are read as
//! Python's `float`, correctly rounded; a number or boolean that is wanted as text is its text. Which
//! columns there are is what the first [`SAMPLE_BYTES`] of lines say.

mod chunk;
mod output;
mod plan;
mod reader;
mod row;
mod tiles;

pub use chunk::Chunk;
pub(crate) use output::write as write_value;
pub use plan::Plan;
pub use reader::{Reader, SAMPLE_BYTES};
pub use tiles::{Tile, Tiles};
