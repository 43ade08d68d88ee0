//! The OpenAPI document is well-formed, whatever is served.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

mod http;

use std::sync::Arc;

use ::http::Method;
use serde_json::Value;
use server::{App, AppOptions, Arrival, Level, Log, Origins, Request};

#[test]
fn each_schema_of_each_document_is_well_formed() {
    let mut n_schemas = 0;
    for group in http::groups() {
        let document = document(group.services.clone());
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let place = format!("{} {method} {path}", group.file);
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    let name = parameter["name"].as_str().unwrap();
                    let content = &parameter["content"]["application/json"];
                    let schema = parameter.get("schema").unwrap_or(&content["schema"]);
                    n_schemas += check(&format!("{place} {name}"), schema, &document);
                }
                let request = operation["requestBody"]["content"].as_object();
                let answers = operation["responses"].as_object().unwrap().values();
                let answers = answers.filter_map(|it| it["content"].as_object());
                for (kind, content) in request.into_iter().chain(answers).flatten() {
                    n_schemas += check(&format!("{place} {kind}"), &content["schema"], &document);
                }
            }
        }
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            n_schemas += check(&format!("{} {name}", group.file), schema, &document);
        }
    }
    assert!(100 < n_schemas, "{n_schemas}");
}

fn document(services: Vec<Arc<dyn server::Endpoint>>) -> Value {
    let options = AppOptions {
        api_key: None,
        origins: Origins::Any,
        max_body: 1 << 20,
        log: Log::new(Level::Error),
    };
    let mut request = Request::default();
    *request.method_mut() = Method::GET;
    *request.uri_mut() = "/openapi.json".parse().unwrap();
    let response = App::new(services, options).answer(&request, &Arrival::default());
    serde_json::from_slice(response.body()).unwrap()
}

/// Looks over a schema and those inside it; gives how many they are.
fn check(place: &str, schema: &Value, document: &Value) -> usize {
    let Value::Object(all) = schema else { panic!("{place}: {schema} is no schema") };
    let mut n = 1;
    for (key, value) in all {
        let at = format!("{place}.{key}");
        match key.as_str() {
            "anyOf" | "allOf" => {
                let variants = value.as_array().filter(|it| !it.is_empty());
                let variants = variants.unwrap_or_else(|| panic!("{at} is {value}"));
                n += variants.iter().map(|it| check(&at, it, document)).sum::<usize>();
            }
            "properties" => {
                let inner = value.as_object().unwrap_or_else(|| panic!("{at} is {value}"));
                n += inner
                    .iter()
                    .map(|(name, it)| check(&format!("{at}.{name}"), it, document))
                    .sum::<usize>();
            }
            "items" | "not" => n += check(&at, value, document),
            "type" => {
                let known = ["null", "boolean", "object", "array", "number", "string", "integer"];
                let one = std::slice::from_ref(value);
                let types = value.as_array().map_or(one, Vec::as_slice);
                let is_known = |it: &Value| it.as_str().is_some_and(|it| known.contains(&it));
                assert!(!types.is_empty() && types.iter().all(is_known), "{at} is {value}");
            }
            "required" => assert!(
                value.as_array().is_some_and(|it| it.iter().all(Value::is_string)),
                "{at} is {value}"
            ),
            "enum" | "examples" => assert!(value.is_array(), "{at} is {value}"),
            "minItems" | "maxItems" | "minLength" | "maxLength" | "minProperties" => {
                assert!(value.is_u64(), "{at} is {value}");
            }
            "minimum" | "maximum" => assert!(value.is_number(), "{at} is {value}"),
            "pattern" | "format" | "description" | "contentMediaType" => {
                assert!(value.is_string(), "{at} is {value}");
            }
            "$ref" => {
                let pointer = value.as_str().and_then(|it| it.strip_prefix('#'));
                assert!(pointer.and_then(|it| document.pointer(it)).is_some(), "{at} is {value}");
            }
            "additionalProperties" => assert!(value.is_boolean(), "{at} is {value}"),
            "default" => {}
            _ => panic!("{at} is no keyword that is used here"),
        }
    }
    n
}
