//! Parquet, streamed: a few thousand rows of the wanted columns at a time; every other column goes from
//! file to file as its bytes are, whatever its type.
//!
//! Terms: a *column* is a field of the schema's root, a *leaf* what is stored of it (several, if it is
//! nested). Only columns that are one leaf of booleans, numbers or text can be wanted.

mod arrow_schema;
mod file;
mod key_values;
mod reader;
mod row_groups;
mod splice;
mod window;

pub use file::{File, ReadAt};
pub(crate) use key_values::is_float_to_pandas;
pub use reader::{Chunk, Plan, Reader, Tile};
pub(crate) use row_groups::RowGroups;
pub use splice::OutputKind;
pub(crate) use splice::{Answers, Place, Splicer, owned, places};
