//! A service's own request and answer.

use engine::service::answers_of_request;
use engine::{Context, RowModel};
use http::{Method, StatusCode};
use serde_json::{Map, Value};

use crate::app::{Reply, Request};
use crate::{Endpoint, Failure, body, lists, table};

/// Answers `/predict`.
pub(crate) fn answer(
    service: &dyn Endpoint,
    request: &Request,
    context: &Context,
) -> Result<Reply, Failure> {
    if request.method() == Method::POST && table::is_csv(request) {
        return table::answer(service, request, context);
    }
    let is_post = request.method() == Method::POST;
    let body = if is_post { body::json(request.body())? } else { None };
    if body.as_ref().is_some_and(|it| !it.is_object() && !it.is_array()) {
        return Err(Failure::bad("Payload must be a JSON object or array"));
    }
    let mut query = body::query(request.uri().query().unwrap_or_default())?;
    let model = service.only_model();
    let method = model.as_deref().map(|it| asked_method(it, &mut query)).transpose()?.flatten();
    let asked = match body {
        Some(body) => {
            let beside = query.iter().next();
            beside
                .map_or(Ok(body), |(name, value)| Err(unexpected(name, value, model.is_some())))?
        }
        // Whoever sends no body may send the fields as a query.
        None if is_post && query.is_empty() => Value::Null,
        None => Value::Object(query),
    };
    if let (Some(model), Some(method)) = (model, method) {
        return with_method(&model, &asked, method, context);
    }
    let answer = service.answer(&asked, context).map_err(|err| {
        let failure = Failure::of(&err);
        // What a service that needs a body says of null is beside the point.
        let is_absent = asked.is_null() && failure.status == StatusCode::BAD_REQUEST;
        if is_absent { Failure::bad("Missing 'body' in request event") } else { failure }
    })?;
    Ok(Reply { rows: rows(&answer), ..Reply::json(&answer) })
}

/// The method that a query asks for, as with a table. Its `column` names nothing in JSON. What a model has columns for are
/// their values.
fn asked_method(
    model: &RowModel,
    query: &mut Map<String, Value>,
) -> Result<Option<engine::Method>, Failure> {
    let is_input = |name: &str| model.inputs().iter().any(|it| it.name == name);
    if !is_input("column") && query.shift_remove("column").is_some_and(|it| it == "") {
        return Err(unexpected("column", &Value::Null, true));
    }
    if is_input("method") {
        return Ok(None);
    }
    let Some(name) = query.shift_remove("method") else { return Ok(None) };
    table::method(name.as_str().unwrap_or_default()).map(Some)
}

/// The same for a protocol that has no other parameters: proxies add some that mean nothing here.
pub(crate) fn method_of(request: &Request) -> Result<Option<engine::Method>, Failure> {
    let query = body::query(request.uri().query().unwrap_or_default())?;
    query.get("method").and_then(Value::as_str).map(table::method).transpose()
}

/// A parameter beside a body.
fn unexpected(name: &str, value: &Value, is_model: bool) -> Failure {
    let value = value.as_str().unwrap_or_default();
    Failure::bad(match is_model {
        true => format!("The query has {name}={value}; it may have column and method"),
        false => {
            format!("The query has {name}={value} beside a body; fields are sent in one of them")
        }
    })
}

/// Records answered with another method than the model's own.
fn with_method(
    model: &RowModel,
    asked: &Value,
    method: engine::Method,
    context: &Context,
) -> Result<Reply, Failure> {
    if asked.is_null() {
        return Err(Failure::bad("Missing 'body' in request event"));
    }
    let answers = answers_of_request(model, asked, Some(method), context.deadline);
    lists::predictions_and_count(&answers.map_err(|err| Failure::of(&err))?)
}

/// How many rows an answer is for: its predictions, or itself.
fn rows(answer: &Value) -> u64 {
    answer["predictions"].as_array().map_or(1, |it| it.len() as u64)
}
