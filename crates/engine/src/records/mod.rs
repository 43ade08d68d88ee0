//! Rows in memory through a model: what services and model protocols share.
//!
//! [`Columns`] are the rows by columns, made of records, arrays or CSV; a [`RowModel`] finds its inputs among them by the
//! same rules as in a table (`align`), parses each cell as the model asks, and gives [`Answers`]. Everything runs on
//! the caller's thread: for a few rows, handing them to others would take longer than predicting them.

mod aligned;
mod answers;
mod cell;
mod columns;
mod csv;
mod inputs;
mod model;
mod shape;
mod window;

pub use answers::{Answers, json_text};
pub use cell::Cell;
pub use columns::Columns;
pub(crate) use columns::{most_cells, sort};
pub use csv::CsvOptions;
pub use inputs::{Input, InputKind};
pub use model::{Card, RowInputs, RowModel};
pub(crate) use shape::{MOST_NUMBERS, Shape};
