//! What the services take and give, as OpenAPI 3.1.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::Endpoint;

/// The document.
pub(crate) fn document(services: &[Arc<dyn Endpoint>], has_key: bool) -> Value {
    let mut paths = Map::new();
    for service in services {
        paths.insert(path(service.as_ref(), services), predict(service.as_ref(), has_key));
    }
    paths.insert("/health".to_owned(), health());
    paths.insert("/ping".to_owned(), health());
    let title = match services {
        [one] => one.name(),
        _ => "pythia",
    };
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {"title": title, "version": env!("CARGO_PKG_VERSION")},
        "paths": paths,
        "components": {"schemas": {"Error": error_schema()}},
    });
    if has_key {
        document["components"]["securitySchemes"] =
            json!({"key": {"type": "apiKey", "in": "header", "name": "X-API-Key"}});
    }
    document
}

/// Where a service is asked.
pub(crate) fn path(service: &dyn Endpoint, all: &[Arc<dyn Endpoint>]) -> String {
    match all {
        [_] => "/predict".to_owned(),
        _ => format!("/{}/predict", service.name()),
    }
}

fn predict(service: &dyn Endpoint, has_key: bool) -> Value {
    let request = service.request_schema();
    let mut path = Map::new();
    let mut post = operation(service, "post", has_key);
    let content = json!({"schema": request, "example": service.example()});
    post["requestBody"] = json!({"required": true, "content": {"application/json": content}});
    path.insert("post".to_owned(), post);
    if let Some(parameters) = parameters(&request) {
        let mut get = operation(service, "get", has_key);
        get["parameters"] = parameters.into();
        path.insert("get".to_owned(), get);
    }
    Value::Object(path)
}

fn operation(service: &dyn Endpoint, method: &str, has_key: bool) -> Value {
    let mut responses = Map::new();
    let schema = service.response_schema();
    let answer =
        json!({"description": "The answer", "content": {"application/json": {"schema": schema}}});
    responses.insert("200".to_owned(), answer);
    let errors = [
        ("400", "The request is not what the service takes"),
        ("401", "The key is missing or wrong"),
        ("405", "The path has other methods"),
        ("413", "The body is too large"),
        ("415", "The body is packed in a way that is not known"),
        ("500", "A fault that the caller cannot mend"),
        ("503", "The server has too much to do, or ends"),
        ("504", "The answer took too long"),
    ];
    for (status, text) in errors.iter().filter(|(status, _)| has_key || *status != "401") {
        responses.insert((*status).to_owned(), error(text));
    }
    let mut all = json!({
        "operationId": format!("{method}_{}", service.name()),
        "summary": format!("Predict with {}", service.name()),
        "responses": responses,
    });
    if has_key {
        all["security"] = json!([{"key": []}]);
    }
    all
}

/// A request's fields as parameters of a GET, if none of them is a list or an object; of a request that is a list of records,
/// those of the one record that a GET may send.
fn parameters(request: &Value) -> Option<Vec<Value>> {
    let properties = request["properties"].as_object()?;
    if let Some(records) = properties.values().next().filter(|_| properties.len() == 1)
        && records["type"] == "array"
    {
        return parameters(&records["items"]);
    }
    let is_required = |name: &str| {
        request["required"].as_array().is_some_and(|all| all.iter().any(|it| it == name))
    };
    let one = |(name, schema): (&String, &Value)| {
        let mut schema = schema.clone();
        if let Some(variants) = schema["anyOf"].as_array_mut() {
            // A number, or a text that is one; lists are none.
            if variants.iter().any(|it| it["type"] == "array") {
                return None;
            }
            variants.iter_mut().for_each(without_null);
            let is_required = is_required(name);
            return Some(
                json!({"name": name, "in": "query", "required": is_required, "schema": schema}),
            );
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
            _ => return None,
        };
        let is_scalar = |it: &&str| ["string", "number", "integer", "boolean", "null"].contains(it);
        if !kinds.iter().all(is_scalar) {
            return None;
        }
        without_null(&mut schema);
        Some(json!({"name": name, "in": "query", "required": is_required(name), "schema": schema}))
    };
    properties.iter().map(one).collect()
}

/// A query has no null: what is missing is left out.
fn without_null(schema: &mut Value) {
    for key in ["type", "enum"] {
        if let Some(all) = schema.get_mut(key).and_then(Value::as_array_mut) {
            all.retain(|it| !it.is_null() && it != "null");
        }
    }
}

fn error(text: &str) -> Value {
    let schema = json!({"$ref": "#/components/schemas/Error"});
    json!({"description": text, "content": {"application/json": {"schema": schema}}})
}

fn error_schema() -> Value {
    let text = json!({"type": "string"});
    json!({
        "type": "object",
        "required": ["error"],
        "properties": {"error": text, "message": text, "request_id": text},
    })
}

fn health() -> Value {
    let status = json!({"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}});
    let answer = |text: &str| json!({"description": text, "content": {"application/json": {"schema": status}}});
    let responses = json!({"200": answer("Requests are taken"), "503": answer("The server ends"), "405": error("The path has other methods")});
    json!({"get": {"summary": "Whether requests are taken", "responses": responses}})
}
