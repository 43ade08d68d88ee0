//! A bundle: models, tables and SQL in a folder, and the `pythia.toml` that says how they are put together.
//!
//! ```text
//! body -> request, input (tables) -> step_1 -> step_2 -> … -> response
//! ```
//! A step is a `SELECT`, or a model that adds its column to the rows of the step before. docs/bundles.md is the reference.

mod datetime;
mod document;
mod failure;
mod field;
mod field_schema;
mod files;
mod input;
mod known;
mod load;
mod request;
mod request_spec;
mod response;
mod run;
mod spec;
mod tables;

use std::sync::{Arc, Mutex, OnceLock};

use serde_json::Value;
use sql::{Database, Session};

use super::{StepCard, TableCard};
use crate::records::RowModel;
use crate::{Error, Settings};
pub(super) use datetime::{is_date, is_datetime};
use files::Files;
pub(super) use files::{folder, is_bundle};
use request::Request;
use tables::TableFacts;

/// An opened bundle.
#[derive(Debug)]
pub(super) struct Bundle {
    name: Option<String>,
    request: Request,
    steps: Vec<Step>,
    /// The statement that gives the response; without, it is of the last model's predictions.
    response: Option<Response>,
    /// The example that the file declares; else one is made when it is asked for.
    example: Option<Value>,
    /// Where the example is, or would be, declared.
    example_place: String,
    made_example: OnceLock<Value>,
    /// Of a response by SQL.
    response_schema: OnceLock<Value>,
    tables: Vec<TableFacts>,
    database: Database,
    /// Sessions that nobody uses at the moment.
    pool: Mutex<Vec<Session>>,
    files: Files,
}

/// What is done with a request's rows.
#[derive(Debug)]
struct Step {
    name: String,
    /// Where its statement or model stands.
    place: String,
    work: Work,
    columns: Vec<String>,
    /// The temporary table that holds its result, if SQL reads it.
    fill: Option<usize>,
}

/// The statement of the response, and where it stands.
#[derive(Debug)]
struct Response {
    sql: String,
    place: String,
}

#[derive(Debug)]
enum Work {
    Sql(String),
    Model {
        model: Arc<RowModel>,
        /// Which table it predicts: 0 is `input`, then come the steps.
        from: usize,
        outputs: Vec<String>,
    },
}

impl Bundle {
    pub(super) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or("service")
    }

    pub(super) fn models(&self) -> Vec<Arc<RowModel>> {
        let model = |it: &Step| match &it.work {
            Work::Model { model, .. } => Some(Arc::clone(model)),
            Work::Sql(_) => None,
        };
        self.steps.iter().filter_map(model).collect()
    }

    pub(super) fn has_changed(&self, settings: &Settings) -> Result<bool, Error> {
        self.files.have_changed(settings)
    }

    pub(super) fn request_schema(&self) -> Value {
        self.request.schema(&self.known())
    }

    pub(super) fn response_schema(&self) -> Value {
        match &self.response {
            Some(_) => self.response_schema.get_or_init(|| self.schema_of_response()).clone(),
            None => super::schema::predictions(),
        }
    }

    /// Its steps, in order.
    pub(super) fn steps(&self) -> Vec<StepCard> {
        let card = |it: &Step| {
            let (kind, source, output) = match &it.work {
                Work::Sql(_) => ("sql", None, None),
                Work::Model { model, .. } => {
                    let source = model.source();
                    ("model", Some(source.label()), Some(source.output.clone()))
                }
            };
            StepCard {
                name: it.name.clone(),
                kind,
                model: source,
                output,
                columns: it.columns.clone(),
            }
        };
        self.steps.iter().map(card).collect()
    }

    /// Its tables, in order.
    pub(super) fn tables(&self) -> Vec<TableCard> {
        let card = |it: &TableFacts| TableCard {
            name: it.name.clone(),
            file: it.file.clone(),
            n_rows: it.n_rows,
            columns: it.columns.iter().map(|it| it.name.clone()).collect(),
        };
        self.tables.iter().map(card).collect()
    }

    /// Bytes that its tables take.
    pub(super) fn table_bytes(&self) -> u64 {
        self.database.bytes()
    }
}
