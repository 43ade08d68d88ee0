//! The use cases: load a model, predict a table, answer a batch event, look into a file.
//!
//! Everything here takes values and gives values: no environment, no arguments, no printing, no
//! knowledge of HTTP or Lambda. [`Error`] carries one [`Category`] that every shell maps by one
//! table ([`Category::TABLE`]).

mod align;
mod batch;
mod columns;
mod error;
mod event;
mod load;
mod look;
mod predictor;
mod preview;

pub use batch::{BatchReport, BatchRequest, Progress, predict_table};
pub use error::{Category, Error};
pub use estimators::{ClassSpec, Method, registry};
pub use event::{BatchEvent, Response, handle_batch, read_event};
pub use load::{Limits, load_model, parse_location};
pub use look::{Foreign, Inspection, Part, inspect};
pub use predictor::Predictor;
pub use preview::{Preview, preview};
pub use storage::Location;
