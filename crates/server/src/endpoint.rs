//! What a service is to the routes.

use std::sync::Arc;

use engine::{Context, Error, RowModel, StepCard, TableCard};
use serde_json::{Value, json};

/// A service: JSON in, JSON out.
pub trait Endpoint: Send + Sync {
    /// Its name in paths and metrics.
    fn name(&self) -> &str;
    /// Answers a body: an object or a list, or null if there was none. The parameters of a GET are an object of texts.
    ///
    /// # Errors
    /// The body is not what the service takes ([`Request`](engine::Category::Request), [`Data`](engine::Category::Data)), or the
    /// service cannot answer.
    fn answer(&self, body: &Value, context: &Context) -> Result<Value, Error>;
    /// The JSON Schema of a body; else anything.
    fn request_schema(&self) -> Value {
        json!({})
    }
    /// The JSON Schema of an answer; else anything.
    fn response_schema(&self) -> Value {
        json!({})
    }
    /// A body that it answers; else nothing.
    fn example(&self) -> Value {
        Value::Null
    }
    /// Its models, for the protocols of model servers.
    fn models(&self) -> Vec<Arc<RowModel>> {
        Vec::new()
    }
    /// The steps of a bundle.
    fn steps(&self) -> Vec<StepCard> {
        Vec::new()
    }
    /// The tables of a bundle.
    fn tables(&self) -> Vec<TableCard> {
        Vec::new()
    }
    /// The model that is all of it: then it takes tables too.
    fn only_model(&self) -> Option<Arc<RowModel>> {
        None
    }
    /// Looks whether its files have changed, and if so reads them. Whether they had.
    ///
    /// # Errors
    /// The new files cannot be read; the old ones go on answering.
    fn refresh(&self) -> Result<bool, Error> {
        Ok(false)
    }
}
