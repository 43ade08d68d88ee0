//! A model alone as a service.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use storage::{Location, Version};

use super::rows::rows;
use super::{Context, schema};
use crate::records::{Columns, RowModel};
use crate::{Error, RowInputs, Settings};

/// The field of a request that holds its rows.
const ROWS: &str = "records";

/// The records of a request's body for a model: of `{"records":[…]}`, a list, or one record that stands alone.
///
/// # Errors
/// There are none; the body is no object and no list; a record is none; a list or an object where a cell belongs.
pub fn columns_of_request(model: &RowModel, body: &Value) -> Result<Columns, Error> {
    let rows = rows(body, ROWS)?;
    match rows {
        [Value::Array(_), ..] => Columns::of_rows(ROWS, None, rows),
        // What the model does not take may be anything.
        _ if model.knows_names() => {
            let inputs: HashSet<&str> = model.inputs().iter().map(|it| it.name.as_str()).collect();
            Columns::of_keys(ROWS, rows, &|it| inputs.contains(it))
        }
        _ => Columns::of_records(ROWS, rows),
    }
}

/// A model, and the versions of its files.
#[derive(Debug)]
pub(super) struct ModelService {
    model: Arc<RowModel>,
    versions: Vec<Option<Version>>,
}

impl ModelService {
    pub(super) fn load(inputs: &RowInputs, settings: &Settings) -> Result<Self, Error> {
        // Looked at first: a file that changes while it is read is read again.
        let versions = versions(inputs, settings)?;
        Ok(Self { model: Arc::new(RowModel::load(inputs, settings)?), versions })
    }

    pub(super) fn has_changed(
        &self,
        inputs: &RowInputs,
        settings: &Settings,
    ) -> Result<bool, Error> {
        Ok(versions(inputs, settings)? != self.versions)
    }

    pub(super) fn model(&self) -> &Arc<RowModel> {
        &self.model
    }

    /// The file's name without its extension.
    pub(super) fn name(&self) -> String {
        let file = self.model.source().model.file_name();
        file.split('.').next().filter(|it| !it.is_empty()).unwrap_or("model").to_owned()
    }

    pub(super) fn answer(&self, body: &Value, context: &Context) -> Result<Value, Error> {
        let columns = columns_of_request(&self.model, body)?;
        let answers = self.model.predict_until(context.deadline, &columns, None)?;
        let mut answer = Map::new();
        answer.insert("count".to_owned(), json!(answers.n_rows()));
        answer.shift_insert(0, "predictions".to_owned(), Value::Array(answers.predictions()));
        Ok(Value::Object(answer))
    }

    pub(super) fn request_schema(&self) -> Value {
        let record = schema::record(&self.model);
        json!({
            "type": "object",
            "required": [ROWS],
            "properties": {ROWS: {"type": "array", "minItems": 1, "items": record}},
        })
    }

    pub(super) fn response_schema(&self) -> Value {
        schema::predictions()
    }

    pub(super) fn example(&self) -> Value {
        json!({ROWS: [self.model.example()]})
    }
}

fn versions(inputs: &RowInputs, settings: &Settings) -> Result<Vec<Option<Version>>, Error> {
    let files: [Option<&Location>; 4] = [
        Some(&inputs.model),
        inputs.layers.as_ref(),
        inputs.scaler.as_ref(),
        inputs.encoders.as_ref(),
    ];
    let version = |it: &Location| Ok(settings.storage.stat(it).map_err(Error::storage)?.version);
    files.into_iter().flatten().map(version).collect()
}
