//! The records service that needs no bundle: a model and the encoders it was trained behind, each named by a key.
//!
//! | column of a record | becomes |
//! |---|---|
//! | `date` | `year`, `quarter`, `month` |
//! | the frequency encoder's (`zipcode`) | `zipcode_freq`, 0 for what it has not seen |
//! | the target encoder's (`city_full`) | `city_full_encoded` |
//! | the target (`price`) | `actuals` of the answer |
//!
//! Then come the columns of the training table's header, in its order; one that no record has is 0. Without a training
//! table the model takes what is left.

mod encoder;
mod header;
mod pipeline;

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use storage::{Location, Version};

use super::Context;
use super::rows::rows;
use crate::records::{Input, RowModel};
use crate::{Category, Error, RowInputs, Settings, parse_location};
use encoder::Encoder;

/// The field of a request that holds its rows.
const ROWS: &str = "records";
/// Where the model is, if nobody says.
const MODEL_KEY: &str = "models/model.pkl";
/// What is predicted, if nobody says.
const TARGET: &str = "price";

/// Where the files of such a service are.
///
/// | variable | meaning | default |
/// |---|---|---|
/// | `S3_BUCKET` | the bucket; without, there is no such service | |
/// | `MODEL_KEY` | the model | `models/model.pkl` |
/// | `FREQ_ENCODER_KEY` | a pickled Series or dict, value to count | none |
/// | `TARGET_ENCODER_KEY` | a pickled TargetEncoder, or object with `mapping` and `global_mean` | none |
/// | `TRAIN_FEATURES_KEY` | the table the model was trained on, of which the header is read | none |
/// | `TARGET_COLUMN` | the column that comes back as `actuals` | `price` |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArtifactKeys {
    /// The model.
    pub model: Location,
    /// Value to count.
    pub freq_encoder: Option<Location>,
    /// Value to mean of the target.
    pub target_encoder: Option<Location>,
    /// A table whose header is the model's columns.
    pub train_features: Option<Location>,
    /// The column that is to be predicted.
    pub target: String,
}

impl ArtifactKeys {
    /// What the environment says; `None` if it names no bucket. An empty variable says nothing.
    ///
    /// # Errors
    /// A name that no bucket or object has.
    pub fn from_variables(all: &[(String, String)]) -> Result<Option<Self>, Error> {
        let get = |name: &str| {
            let found = all.iter().find(|(it, value)| it == name && !value.is_empty());
            found.map(|(_, value)| value.as_str())
        };
        let Some(bucket) = get("S3_BUCKET") else { return Ok(None) };
        let at =
            |key: &str| parse_location(&format!("s3://{bucket}/{}", key.trim_start_matches('/')));
        let optional = |name: &str| get(name).map(at).transpose();
        Ok(Some(Self {
            model: at(get("MODEL_KEY").unwrap_or(MODEL_KEY))?,
            freq_encoder: optional("FREQ_ENCODER_KEY")?,
            target_encoder: optional("TARGET_ENCODER_KEY")?,
            train_features: optional("TRAIN_FEATURES_KEY")?,
            target: get("TARGET_COLUMN").unwrap_or(TARGET).to_owned(),
        }))
    }

    fn files(&self) -> impl Iterator<Item = &Location> {
        let others = [&self.freq_encoder, &self.target_encoder, &self.train_features];
        std::iter::once(&self.model).chain(others.into_iter().flatten())
    }
}

/// The files, loaded.
#[derive(Debug)]
pub(super) struct Artifacts {
    model: Arc<RowModel>,
    encoders: Vec<Encoder>,
    /// The model's columns, in its order.
    features: Option<Vec<String>>,
    /// Columns that are never features.
    raw: HashSet<String>,
    /// What a record's keys may be, if that is known: features and those.
    known: Option<HashSet<String>>,
    target: String,
    versions: Vec<Option<Version>>,
}

impl Artifacts {
    pub(super) fn load(keys: &ArtifactKeys, settings: &Settings) -> Result<Self, Error> {
        let versions = versions(keys, settings)?;
        let model = RowModel::load(&RowInputs::of_model(keys.model.clone()), settings)?;
        let mut encoders = Vec::new();
        if let Some(it) = &keys.freq_encoder {
            encoders.push(Encoder::frequency(it, settings)?);
        }
        if let Some(it) = &keys.target_encoder {
            encoders.push(Encoder::target(it, settings)?);
        }
        let features = match &keys.train_features {
            Some(it) => {
                let mut names = header::names(it, settings)?;
                names.retain(|it| *it != keys.target);
                compare(&names, &model, it)?;
                Some(names)
            }
            None => None,
        };
        let dropped = pipeline::DROPPED.iter().map(|it| (*it).to_owned());
        let encoded = encoders.iter().map(|it| it.column.clone());
        let raw: HashSet<String> = dropped.chain(encoded).chain([keys.target.clone()]).collect();
        let known = features.as_ref().map(|it| it.iter().chain(&raw).cloned().collect());
        let (model, target) = (Arc::new(model), keys.target.clone());
        Ok(Self { model, encoders, features, raw, known, target, versions })
    }

    pub(super) fn has_changed(
        &self,
        keys: &ArtifactKeys,
        settings: &Settings,
    ) -> Result<bool, Error> {
        Ok(versions(keys, settings)? != self.versions)
    }

    pub(super) fn model(&self) -> &Arc<RowModel> {
        &self.model
    }

    pub(super) fn answer(&self, body: &Value, context: &Context) -> Result<Value, Error> {
        let made = self.features_of(rows(body, ROWS)?)?;
        made.problems.and_those_of(|| self.model.check_cells(&made.columns))?;
        let answers = self.model.predict_until(context.deadline, &made.columns, None)?;
        let mut answer = Map::new();
        answer.insert("predictions".to_owned(), Value::Array(answers.predictions()));
        answer.insert("count".to_owned(), json!(answers.n_rows()));
        if let Some(actuals) = made.actuals {
            answer.insert("actuals".to_owned(), Value::Array(actuals));
        }
        if !made.warnings.is_empty() {
            answer.insert("warnings".to_owned(), json!(made.warnings));
        }
        Ok(Value::Object(answer))
    }

    /// The columns that a record may have, with what the encoders and the model know of each.
    fn record(&self) -> Vec<(String, Known)> {
        let made: Vec<&str> =
            self.encoders.iter().map(|it| it.output.as_str()).chain(pipeline::PARTS).collect();
        let inputs = self.model.inputs();
        let names = || inputs.iter().map(|it| it.name.clone()).collect();
        let features: Vec<String> = self.features.clone().unwrap_or_else(names);
        let mut record = Vec::new();
        if features.iter().any(|it| pipeline::PARTS.contains(&it.as_str())) {
            record.push((pipeline::DATE.to_owned(), Known::Date));
        }
        let encoded = |it: &Encoder| (it.column.clone(), Known::of(it.input()));
        record.extend(self.encoders.iter().map(encoded));
        // A model that knows no names takes its features by place.
        let of_model = |(at, name): (usize, &String)| {
            let by_name = inputs.iter().find(|it| it.name == *name);
            by_name.or_else(|| inputs.get(at).filter(|_| !self.model.knows_names()))
        };
        let own = features.iter().enumerate().filter(|(_, it)| !made.contains(&it.as_str()));
        record.extend(own.map(|(at, it)| (it.clone(), Known::of(of_model((at, it))))));
        record
    }

    pub(super) fn example(&self) -> Value {
        let record = self.record();
        let record: Map<String, Value> =
            record.into_iter().map(|(it, known)| (it, known.example())).collect();
        json!({ROWS: [record]})
    }

    pub(super) fn request_schema(&self) -> Value {
        let record = self.record();
        let properties: Map<String, Value> =
            record.into_iter().map(|(name, known)| (name, known.schema())).collect();
        let record = json!({"type": "object", "properties": properties});
        json!({
            "type": "object",
            "required": [ROWS],
            "properties": {ROWS: {"type": "array", "minItems": 1, "items": record}},
        })
    }

    pub(super) fn response_schema(&self) -> Value {
        let mut schema = super::schema::predictions();
        schema["properties"]["actuals"] = json!({"type": "array", "items": {}});
        schema["properties"]["warnings"] = json!({"type": "array", "items": {"type": "string"}});
        schema
    }
}

/// What is known of a column of a record.
enum Known {
    Date,
    Input(Input),
    Nothing,
}

impl Known {
    fn of(input: Option<&Input>) -> Self {
        input.map_or(Self::Nothing, |it| Self::Input(it.clone()))
    }

    fn example(&self) -> Value {
        match self {
            Self::Date => json!("2025-10-20"),
            Self::Input(it) => it.example(),
            Self::Nothing => json!(0),
        }
    }

    fn schema(&self) -> Value {
        match self {
            Self::Date => json!({"type": ["string", "null"], "format": "date"}),
            Self::Input(it) => super::schema::input(it, true),
            Self::Nothing => json!({"type": ["number", "string", "boolean", "null"]}),
        }
    }
}

/// # Errors
/// A training table that lacks columns of the model: no request could be answered.
fn compare(features: &[String], model: &RowModel, table: &Location) -> Result<(), Error> {
    let (inputs, file) = (model.inputs(), table.file_name());
    let refused = |text: String| {
        let text = format!("Failed to load model: {}: {text}", model.source().label());
        Err(Error::new(Category::Model, text))
    };
    if !model.knows_names() {
        return match (inputs.len(), features.len()) {
            (0, _) => Ok(()),
            (n, found) if n == found => Ok(()),
            (n, found) => {
                refused(format!("it takes {n} columns, {file} has {found} beside the target"))
            }
        };
    }
    let lacking = inputs.iter().filter(|it| !features.contains(&it.name));
    let lacking: Vec<&str> = lacking.map(|it| it.name.as_str()).collect();
    if lacking.is_empty() {
        return Ok(());
    }
    refused(format!("it takes columns that {file} lacks: {}", lacking.join(", ")))
}

fn versions(keys: &ArtifactKeys, settings: &Settings) -> Result<Vec<Option<Version>>, Error> {
    let version = |it: &Location| Ok(settings.storage.stat(it).map_err(Error::storage)?.version);
    keys.files().map(version).collect()
}
