//! The use cases: load a model, predict a table, compare with Python's predictions, answer a batch
//! event, answer records, look into a file.
//!
//! Everything here takes values and gives values: no environment, no arguments, no printing, no
//! knowledge of HTTP or Lambda. [`Error`] carries one [`Category`] that every shell maps by one
//! table ([`Category::TABLE`]).

mod align;
mod batch;
mod columns;
mod compare;
mod error;
mod event;
mod expected;
mod load;
mod look;
mod mlflow;
mod models;
mod network;
mod open;
mod predictor;
mod preview;
mod problems;
pub mod records;
mod results;
mod rules;
pub mod service;
mod settings;
mod stream;
mod verify;

pub use batch::{BatchReport, BatchRequest, predict_table};
pub use columns::Written;
pub use error::{Category, Error};
pub use estimators::{ClassSpec, Declaration, Iterations, Method, registry};
pub use event::{BatchEvent, Response, handle_batch, read_event};
pub use load::{Limits, load_model, parse_location};
pub use look::{Foreign, Inspection, Part, Table, TableColumn, Tensor, inspect};
pub use mlflow::{MlflowModel, PREDICT_FN, read_mlflow};
pub use models::{CacheOptions, Models};
pub use network::{Layers, load_network, read_layers};
pub use predictor::Predictor;
pub use preview::{Preview, preview};
pub use records::{Answers, Columns, CsvOptions, RowInputs, RowModel, json_text};
pub use rules::Rule;
pub use service::{ArtifactKeys, Context, Service, StepCard, TableCard};
pub use settings::Settings;
pub use storage::{Artifacts, Location, S3Settings, Storage, percent_decoded};
pub use stream::{Inputs, Progress};
pub use table::Format;
pub use verify::{Compared, Deviation, VerifyReport, VerifyRequest, verify_table};
