//! A service: requests in JSON to answers in JSON, through a model alone or a bundle.
//!
//! ```text
//! {"records": [{"rooms": 3, "zip": "02139"}]}  ->  {"predictions": [301.5], "count": 1}
//! ```

mod artifacts;
mod bundle;
mod card;
mod context;
mod model;
mod rows;
mod schema;

use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;
use storage::Location;

pub use artifacts::ArtifactKeys;
pub use card::{StepCard, TableCard};
pub use context::Context;
pub use model::answers_of_request;

use crate::records::RowModel;
use crate::{Error, RowInputs, Settings};
use artifacts::Artifacts;
use bundle::Bundle;
use model::ModelService;

/// Answers requests; shared by all threads.
#[derive(Debug)]
pub struct Service {
    settings: Settings,
    origin: Origin,
    current: RwLock<Arc<Current>>,
}

/// What a service was opened from, to be opened again when it changed.
#[derive(Debug)]
enum Origin {
    Model(RowInputs),
    Bundle(Location),
    Artifacts(ArtifactKeys),
}

/// One version of a service. A request keeps the one it began with.
#[derive(Debug)]
enum Current {
    Model(ModelService),
    Bundle(Box<Bundle>),
    Artifacts(Artifacts),
}

impl Service {
    /// A model alone: `{"records":[…]}`, one record or a list of them, to `{"predictions":[…],"count":n}`.
    ///
    /// # Errors
    /// As [`RowModel::load`].
    pub fn of_model(inputs: RowInputs, settings: &Settings) -> Result<Self, Error> {
        let current = Current::Model(ModelService::load(&inputs, settings)?);
        Ok(Self::new(Origin::Model(inputs), current, settings))
    }

    /// The bundle in a folder, or under an `s3://` prefix: the place that holds its `pythia.toml`.
    ///
    /// # Errors
    /// Everything that is wrong with the bundle, each with its file, line and column; a file cannot be read.
    pub fn open(bundle: &Location, settings: &Settings) -> Result<Self, Error> {
        let folder = bundle::folder(bundle);
        let current = Current::Bundle(Box::new(Bundle::open(&folder, settings)?));
        Ok(Self::new(Origin::Bundle(folder), current, settings))
    }

    /// The bundle in a folder or under a prefix; `None` if there is no `pythia.toml`.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_if_bundle(folder: &Location, settings: &Settings) -> Result<Option<Self>, Error> {
        if bundle::is_bundle(folder, settings)? {
            return Self::open(folder, settings).map(Some);
        }
        Ok(None)
    }

    /// A model and its encoders, each named by a key: the records service without a bundle.
    ///
    /// # Errors
    /// A file cannot be read, or is not what it should be.
    pub fn of_artifacts(keys: ArtifactKeys, settings: &Settings) -> Result<Self, Error> {
        let current = Current::Artifacts(Artifacts::load(&keys, settings)?);
        Ok(Self::new(Origin::Artifacts(keys), current, settings))
    }

    fn new(origin: Origin, current: Current, settings: &Settings) -> Self {
        let current = RwLock::new(Arc::new(current));
        Self { settings: settings.clone(), origin, current }
    }

    fn current(&self) -> Arc<Current> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> String {
        match &*self.current() {
            Current::Model(it) => it.name(),
            Current::Bundle(it) => it.name().to_owned(),
            Current::Artifacts(_) => "records".to_owned(),
        }
    }

    /// Answers a request: the body of a POST, or the query of a GET as an object of texts.
    ///
    /// # Errors
    /// The request is not what the service takes, or the model refuses its rows; everything that is wrong is told.
    pub fn answer(&self, body: &Value, context: &Context) -> Result<Value, Error> {
        match &*self.current() {
            Current::Model(it) => it.answer(body, context),
            Current::Bundle(it) => it.answer(body, context),
            Current::Artifacts(it) => it.answer(body, context),
        }
    }

    /// JSON Schema of a request, as OpenAPI 3.1 has it.
    #[must_use]
    pub fn request_schema(&self) -> Value {
        match &*self.current() {
            Current::Model(it) => it.request_schema(),
            Current::Bundle(it) => it.request_schema(),
            Current::Artifacts(it) => it.request_schema(),
        }
    }

    /// JSON Schema of an answer.
    #[must_use]
    pub fn response_schema(&self) -> Value {
        match &*self.current() {
            Current::Model(it) => it.response_schema(),
            Current::Bundle(it) => it.response_schema(),
            Current::Artifacts(it) => it.response_schema(),
        }
    }

    /// A request that the service answers.
    #[must_use]
    pub fn example(&self) -> Value {
        match &*self.current() {
            Current::Model(it) => it.example(),
            Current::Bundle(it) => it.example(),
            Current::Artifacts(it) => it.example(),
        }
    }

    /// The answer to [`example`](Self::example).
    ///
    /// # Errors
    /// As [`answer`](Self::answer); a bundle whose example is refused says where it declares one.
    pub fn answer_example(&self, context: &Context) -> Result<Value, Error> {
        match &*self.current() {
            Current::Bundle(it) => it.answer_example(context),
            _ => self.answer(&self.example(), context),
        }
    }

    /// The steps of a bundle, in order; none of a model alone.
    #[must_use]
    pub fn steps(&self) -> Vec<StepCard> {
        match &*self.current() {
            Current::Bundle(it) => it.steps(),
            Current::Model(_) | Current::Artifacts(_) => Vec::new(),
        }
    }

    /// The tables of a bundle, in order.
    #[must_use]
    pub fn tables(&self) -> Vec<TableCard> {
        match &*self.current() {
            Current::Bundle(it) => it.tables(),
            Current::Model(_) | Current::Artifacts(_) => Vec::new(),
        }
    }

    /// Its models, in the order they are asked.
    #[must_use]
    pub fn models(&self) -> Vec<Arc<RowModel>> {
        match &*self.current() {
            Current::Model(it) => vec![Arc::clone(it.model())],
            Current::Bundle(it) => it.models(),
            Current::Artifacts(it) => vec![Arc::clone(it.model())],
        }
    }

    /// Bytes that its tables take in memory.
    #[must_use]
    pub fn table_bytes(&self) -> u64 {
        match &*self.current() {
            Current::Model(_) | Current::Artifacts(_) => 0,
            Current::Bundle(it) => it.table_bytes(),
        }
    }

    /// The model that is all of it, if it is no bundle.
    #[must_use]
    pub fn only_model(&self) -> Option<Arc<RowModel>> {
        match &*self.current() {
            Current::Model(it) => Some(Arc::clone(it.model())),
            Current::Bundle(_) | Current::Artifacts(_) => None,
        }
    }

    /// Looks whether the files it was opened from have changed, and if so opens them anew; requests under way keep
    /// what they began with. Whether anything changed.
    ///
    /// # Errors
    /// The new files cannot be read: the old ones go on answering.
    pub fn refresh(&self) -> Result<bool, Error> {
        let next = match (&self.origin, &*self.current()) {
            (Origin::Model(inputs), Current::Model(it)) => {
                if !it.has_changed(inputs, &self.settings)? {
                    return Ok(false);
                }
                Current::Model(ModelService::load(inputs, &self.settings)?)
            }
            (Origin::Bundle(folder), Current::Bundle(it)) => {
                if !it.has_changed(&self.settings)? {
                    return Ok(false);
                }
                Current::Bundle(Box::new(Bundle::open(folder, &self.settings)?))
            }
            (Origin::Artifacts(keys), Current::Artifacts(it)) => {
                if !it.has_changed(keys, &self.settings)? {
                    return Ok(false);
                }
                Current::Artifacts(Artifacts::load(keys, &self.settings)?)
            }
            // A service stays what it is.
            _ => return Ok(false),
        };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        Ok(true)
    }
}
