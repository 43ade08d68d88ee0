//! A model alone as a service.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use estimators::Method;
use serde_json::{Map, Value, json};
use storage::{Location, Version};

use super::rows::rows;
use super::{Context, schema};
use crate::problems::Problems;
use crate::records::{Answers, Columns, RowModel};
use crate::{Error, RowInputs, Settings};

/// The field of a request that holds its rows.
const ROWS: &str = "records";

/// What a model answers the records of a request's body: of `{"records":[…]}`, a list, or one record that stands alone.
///
/// # Errors
/// There are none; the body is no object and no list; a record is none; a list or an object where a cell belongs, and cells
/// that are not what the model takes, all of them; as [`RowModel::predict_until`].
pub fn answers_of_request(
    model: &RowModel,
    body: &Value,
    method: Option<Method>,
    deadline: Option<Instant>,
) -> Result<Answers, Error> {
    let rows = rows(body, ROWS)?;
    if let [Value::Array(_), ..] = rows {
        return model.predict_until(deadline, &Columns::of_rows(ROWS, None, rows)?, method);
    }
    let mut problems = Problems::default();
    // What the model does not take may be anything.
    let inputs: Option<HashSet<&str>> =
        model.knows_names().then(|| model.inputs().iter().map(|it| it.name.as_str()).collect());
    let is_wanted = |it: &str| inputs.as_ref().is_none_or(|all| all.contains(it));
    let columns = Columns::noting(ROWS, rows, &is_wanted, &mut problems);
    problems.and_those_of(|| model.check_cells(&columns))?;
    model.predict_until(deadline, &columns, method)
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
        let answers = answers_of_request(&self.model, body, None, context.deadline)?;
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
