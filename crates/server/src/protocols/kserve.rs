//! KServe's protocol, version 1 (TensorFlow Serving's): `/v1/models/{model}:predict`.

use engine::{Context, RowModel};
use serde_json::{Value, json};

use super::frames;
use super::rows::Form;
use crate::app::{Reply, Request};
use crate::{Endpoint, Failure, body, lists, predict};

/// `/v1/models`
pub(crate) fn names(all: &[&str]) -> Reply {
    Reply::json(&json!({"models": all}))
}

/// `/v1/models/{model}:predict`
pub(crate) fn predict(
    model: &RowModel,
    request: &Request,
    context: &Context,
) -> Result<Reply, Failure> {
    let body = body::json(request.body())?.unwrap_or(Value::Null);
    let columns = match given(&body)? {
        ("instances", rows) => frames::instances(model, "instances", rows)?,
        (form, inputs) => frames::inputs(model, form, inputs)?,
    };
    let method = predict::method_of(request)?;
    let answers = model.predict_until(context.deadline, &columns, method);
    lists::predictions(&answers.map_err(|err| Failure::of(&err))?)
}

/// The same of a service that is no model alone.
pub(crate) fn predict_rows(
    service: &dyn Endpoint,
    request: &Request,
    context: &Context,
) -> Result<Reply, Failure> {
    let body = body::json(request.body())?.unwrap_or(Value::Null);
    let (form, value) = given(&body)?;
    let own = Form::of(service);
    let answered = own.ask(service, own.records(form, value)?, context)?;
    let rows = answered.n_rows as u64;
    Ok(Reply { rows, ..Reply::json(&json!({"predictions": answered.predictions()})) })
}

/// The one of the two forms of rows that a body has.
fn given(body: &Value) -> Result<(&'static str, &Value), Failure> {
    match (&body["instances"], &body["inputs"]) {
        (Value::Null, Value::Null) => {
            Err(Failure::bad("Expected \"instances\" or \"inputs\" in the request's body"))
        }
        (instances, Value::Null) => Ok(("instances", instances)),
        (Value::Null, inputs) => Ok(("inputs", inputs)),
        _ => Err(Failure::bad("The body has both \"instances\" and \"inputs\"; one is expected")),
    }
}
