//! A service's own request and answer.

use engine::Context;
use http::{Method, StatusCode};
use serde_json::Value;

use crate::app::{Reply, Request};
use crate::{Endpoint, Failure, body, table};

/// Answers `/predict`.
pub(crate) fn answer(
    service: &dyn Endpoint,
    request: &Request,
    context: &Context,
) -> Result<Reply, Failure> {
    if request.method() == Method::POST && table::is_csv(request) {
        return table::answer(service, request, context);
    }
    let asked = if request.method() == Method::POST {
        let found = body::json(request.body())?;
        if found.as_ref().is_some_and(|it| !it.is_object() && !it.is_array()) {
            return Err(Failure::bad("Payload must be a JSON object or array"));
        }
        found.unwrap_or(Value::Null)
    } else {
        body::query(request.uri().query().unwrap_or_default())?
    };
    let answer = service.answer(&asked, context).map_err(|err| {
        let failure = Failure::of(&err);
        // What a service that needs a body says of null is beside the point.
        let is_absent = asked.is_null() && failure.status == StatusCode::BAD_REQUEST;
        if is_absent { Failure::bad("Missing 'body' in request event") } else { failure }
    })?;
    Ok(Reply { rows: rows(&answer), ..Reply::json(&answer) })
}

/// How many rows an answer is for: its predictions, or itself.
fn rows(answer: &Value) -> u64 {
    answer["predictions"].as_array().map_or(1, |it| it.len() as u64)
}
