//! What the services take and give, as OpenAPI 3.1.

use std::sync::Arc;

use engine::RowModel;
use serde_json::{Map, Value, json};

use crate::Endpoint;

/// The document.
pub(crate) fn document(services: &[Arc<dyn Endpoint>], has_key: bool) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::from_iter([("Error".to_owned(), error_schema())]);
    for service in services {
        let made = predict(service.as_ref(), has_key, &mut schemas);
        paths.insert(path(service.as_ref(), services), made);
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
        "components": {"schemas": schemas},
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

fn predict(service: &dyn Endpoint, has_key: bool, schemas: &mut Map<String, Value>) -> Value {
    let request = service.request_schema();
    let mut path = Map::new();
    let mut post = operation(service, "post", has_key);
    let schema = bodies(service.name(), &request, schemas);
    let mut content = json!({"application/json": {"schema": schema, "example": service.example()}});
    if let Some(model) = service.only_model() {
        content["text/csv"] = json!({"schema": table()});
        post["responses"]["200"]["content"]["text/csv"] = json!({"schema": table()});
        post["parameters"] = json!([method(&model), column()]);
    }
    let is_needed = request["required"].as_array().is_some_and(|it| !it.is_empty());
    post["requestBody"] = json!({"required": is_needed, "content": content});
    path.insert("post".to_owned(), post);
    if let Some(mut parameters) = parameters(&request) {
        let mut get = operation(service, "get", has_key);
        let is_free = parameters.iter().all(|it| it["name"] != "method");
        parameters.extend(service.only_model().filter(|_| is_free).map(|it| method(&it)));
        get["parameters"] = parameters.into();
        path.insert("get".to_owned(), get);
    }
    Value::Object(path)
}

/// What a body may be. Where nothing but records is needed, one record or a list of them may stand alone.
fn bodies(name: &str, request: &Value, schemas: &mut Map<String, Value>) -> Value {
    let is_rows = |it: &(&String, &Value)| it.1["items"]["type"] == "object";
    let found = request["properties"].as_object().and_then(|all| all.iter().find(is_rows));
    let Some((rows, list)) = found else { return request.clone() };
    let needed = request["required"].as_array().into_iter().flatten();
    if needed.into_iter().any(|it| it != rows.as_str()) {
        return request.clone();
    }
    let name = format!("{name}.record");
    let record = json!({"$ref": format!("#/components/schemas/{name}")});
    schemas.insert(name, list["items"].clone());
    let mut whole = request.clone();
    whole["properties"][rows]["items"] = record.clone();
    let several = json!({"type": "array", "minItems": 1, "items": record});
    // Who names the list means the first form, and nothing is no record.
    let alone = json!({"allOf": [record, {"minProperties": 1, "not": {"required": [rows]}}]});
    json!({"anyOf": [whole, several, alone]})
}

fn table() -> Value {
    json!({"type": "string", "contentMediaType": "text/csv", "description": "A table with a header"})
}

fn method(model: &RowModel) -> Value {
    let names: Vec<&str> = model.methods().iter().map(|it| it.name()).collect();
    let schema = json!({"type": "string", "enum": names, "default": model.method().name()});
    json!({"name": "method", "in": "query", "required": false, "schema": schema})
}

fn column() -> Value {
    let schema = json!({"type": "string", "minLength": 1, "default": "prediction"});
    let text =
        "Of a table: the name of the prediction column, or of several their common beginning";
    json!({"name": "column", "in": "query", "required": false, "description": text, "schema": schema})
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
        ("408", "The body came too slowly"),
        ("413", "The body is too large"),
        ("415", "The body is packed in a way that is not known"),
        ("431", "The headers are too many, or too large"),
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

/// A request's fields as parameters of a GET, lists of numbers as JSON; of a request that is a list of records, those of the one
/// record that a GET may send. None if there are records beside other fields.
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
        without_null(&mut schema);
        let mut parameter = json!({"name": name, "in": "query", "required": is_required(name)});
        match holds(&schema) {
            Holds::Records => return None,
            Holds::Lists => parameter["content"] = json!({"application/json": {"schema": schema}}),
            Holds::Values => parameter["schema"] = schema,
        }
        Some(parameter)
    };
    properties.iter().map(one).collect()
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Holds {
    Values,
    Lists,
    Records,
}

fn holds(schema: &Value) -> Holds {
    let is = |kind: &str| {
        let types = &schema["type"];
        types == kind || types.as_array().is_some_and(|it| it.iter().any(|it| it == kind))
    };
    let own = match (is("object"), is("array")) {
        (true, _) => Holds::Records,
        (_, true) => Holds::Lists.max(holds(&schema["items"])),
        _ => Holds::Values,
    };
    let variants = schema["anyOf"].as_array().into_iter().flatten();
    variants.map(holds).fold(own, Holds::max)
}

/// A query has no null: what is missing is left out.
fn without_null(schema: &mut Value) {
    for key in ["type", "enum"] {
        if let Some(all) = schema.get_mut(key).and_then(Value::as_array_mut) {
            all.retain(|it| !it.is_null() && it != "null");
        }
    }
    if let Some(variants) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        variants.retain(|it| it["type"] != "null");
        variants.iter_mut().for_each(without_null);
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
