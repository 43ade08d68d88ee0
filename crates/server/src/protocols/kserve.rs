//! KServe's protocol, version 1 (TensorFlow Serving's): `/v1/models/{model}:predict`.

use engine::{Context, RowModel};
use serde_json::{Value, json};

use super::frames;
use crate::app::{Reply, Request};
use crate::{Failure, body};

/// `/v1/models`
pub(crate) fn names(all: &[&str]) -> Reply {
    Reply::json(&json!({"models": all}))
}

/// `/v1/models/{model}`, and `/v2/models/{model}/ready`
pub(crate) fn ready(name: &str) -> Reply {
    Reply::json(&json!({"name": name, "ready": true}))
}

/// `/v1/models/{model}:predict`
pub(crate) fn predict(
    model: &RowModel,
    request: &Request,
    context: &Context,
) -> Result<Reply, Failure> {
    let body = body::json(request.body())?.unwrap_or(Value::Null);
    let columns = match (&body["instances"], &body["inputs"]) {
        (Value::Null, Value::Null) => {
            return Err(Failure::bad("Expected \"instances\" or \"inputs\" in the request's body"));
        }
        (instances, Value::Null) => frames::instances(model, "instances", instances)?,
        (Value::Null, inputs) => frames::inputs(model, "inputs", inputs)?,
        _ => {
            return Err(Failure::bad(
                "The body has both \"instances\" and \"inputs\"; one is expected",
            ));
        }
    };
    let answers =
        model.predict_until(context.deadline, &columns, None).map_err(|err| Failure::of(&err))?;
    let reply = Reply::json(&json!({"predictions": answers.predictions()}));
    Ok(Reply { rows: answers.n_rows() as u64, ..reply })
}
