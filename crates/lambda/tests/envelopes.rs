//! The cases of `crates/server/tests/http/` as each kind of event.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

#[path = "../../server/tests/http/mod.rs"]
mod http;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use http::{Case, Got, Group};
use lambda::{Call, Handler, Options};

fn handler(group: &Group) -> Handler {
    let get = |name: &str| group.settings.get(name).cloned();
    let names = [("API_KEY", "api_key"), ("CORS_ORIGIN", "cors_origin"), ("MAX_BODY", "max_body")];
    let mut all: Vec<(String, String)> =
        names.iter().filter_map(|(to, from)| Some(((*to).to_owned(), get(from)?))).collect();
    all.push(("PYTHIA_LOG_LEVEL".to_owned(), "error".to_owned()));
    Handler::new(Options::from_variables(&all).unwrap().with_services(group.services.clone()))
}

fn call() -> Call {
    Call { request_id: "lambda-1".to_owned(), trace_id: None, deadline: 4_000_000_000_000 }
}

/// All cases through one kind of event.
fn check(shell: &str, event: fn(&Case) -> Value) {
    check_some(shell, event, &|_, _| true);
}

/// The cases through one kind of event that can be one.
fn check_some(shell: &str, event: fn(&Case) -> Value, is_one: &dyn Fn(&Group, &Case) -> bool) {
    let mut problems = Vec::new();
    for group in http::groups() {
        let handler = handler(&group);
        let ask = |case: &Case| {
            let answer = handler.answer(&event(case), &call()).unwrap();
            case.problem(shell, &got(&answer))
        };
        let hands_on =
            |it: &&Case| !it.not_through.iter().any(|it| it == shell) && is_one(&group, it);
        problems.extend(group.cases.iter().filter(hands_on).filter_map(ask));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn got(answer: &Value) -> Got {
    let text = answer["body"].as_str().unwrap();
    let is_base64 = answer["isBase64Encoded"].as_bool().unwrap_or(false);
    let body = if is_base64 { STANDARD.decode(text).unwrap() } else { text.as_bytes().to_vec() };
    let mut headers = Vec::new();
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        headers.push((name.clone(), value.as_str().unwrap().to_owned()));
    }
    for (name, values) in answer["multiValueHeaders"].as_object().into_iter().flatten() {
        let values = values.as_array().unwrap().iter();
        headers.extend(values.map(|it| (name.clone(), it.as_str().unwrap().to_owned())));
    }
    Got { status: answer["statusCode"].as_u64().unwrap() as u16, headers, body }
}

/// The body as an event holds it: text, or base64 where it is none.
fn body(case: &Case, event: &mut Value, always_base64: bool) {
    let bytes = case.body();
    if bytes.is_empty() {
        event["body"] = Value::Null;
        return;
    }
    let text = std::str::from_utf8(&bytes).ok().filter(|_| !always_base64);
    event["isBase64Encoded"] = json!(text.is_none());
    event["body"] = text.map_or_else(|| STANDARD.encode(&bytes), str::to_owned).into();
}

fn headers(case: &Case, lower: bool) -> Value {
    let mut all = Map::new();
    for at in 0..case.headers.len() {
        let (name, value) = case.header(at);
        let name = if lower { name.to_ascii_lowercase() } else { name.to_owned() };
        all.insert(name, value.into());
    }
    Value::Object(all)
}

fn lists(all: &Value) -> Value {
    all.as_object().unwrap().iter().map(|(name, value)| (name.clone(), json!([value]))).collect()
}

fn parts(case: &Case) -> (&str, &str) {
    case.path.split_once('?').unwrap_or((&case.path, ""))
}

/// Parameters as API Gateway decodes them; a load balancer does not.
fn parameters(query: &str, decode: bool) -> Value {
    let one = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        let decoded = engine::percent_decoded(value).filter(|_| decode);
        (name.to_owned(), Value::from(decoded.unwrap_or_else(|| value.to_owned())))
    };
    query.split('&').filter(|it| !it.is_empty()).map(one).collect()
}

fn one(case: &Case) -> Value {
    let (path, query) = parts(case);
    let mut event = json!({
        "resource": "/{proxy+}", "path": path, "httpMethod": case.method,
        "headers": headers(case, false), "multiValueHeaders": lists(&headers(case, false)),
        "requestContext": {"requestId": "gateway-1", "stage": "prod", "path": format!("/prod{path}")},
        "queryStringParameters": parameters(query, true),
        "multiValueQueryStringParameters": lists(&parameters(query, true)),
    });
    body(case, &mut event, false);
    event
}

fn two(case: &Case) -> Value {
    let (path, query) = parts(case);
    let path = format!("/prod{path}");
    let mut event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
        "headers": headers(case, true),
        "requestContext": {"requestId": "gateway-2", "stage": "prod", "http": {"method": case.method, "path": path}},
    });
    body(case, &mut event, true);
    event
}

fn balancer(case: &Case) -> Value {
    let (path, query) = parts(case);
    let mut event = json!({
        "path": path, "httpMethod": case.method, "headers": headers(case, true),
        "requestContext": {"elb": {"targetGroupArn": "arn"}},
        "queryStringParameters": parameters(query, false),
    });
    body(case, &mut event, false);
    event
}

fn balancer_with_all_values(case: &Case) -> Value {
    let mut event = balancer(case);
    event["multiValueHeaders"] = lists(&event["headers"]);
    event["multiValueQueryStringParameters"] = lists(&event["queryStringParameters"]);
    event["headers"] = Value::Null;
    event["queryStringParameters"] = Value::Null;
    body(case, &mut event, true);
    event
}

#[test]
fn every_case_is_answered_through_a_rest_api() {
    check("REST API", one);
}

#[test]
fn every_case_is_answered_through_an_http_api() {
    check("HTTP API", two);
}

#[test]
fn every_case_is_answered_through_a_load_balancer() {
    check("load balancer", balancer);
    check("load balancer with all values", balancer_with_all_values);
}

/// Who invokes the function sends the body alone, and needs no key.
fn directly(case: &Case) -> Value {
    serde_json::from_slice(&case.body()).unwrap()
}

#[test]
fn requests_of_bundles_are_answered_when_the_function_is_invoked_directly() {
    let n_asked = std::cell::Cell::new(0);
    let is_one = |group: &Group, case: &Case| {
        let is_body = serde_json::from_slice::<Map<String, Value>>(&case.body()).is_ok();
        let is_one = group.is_bundle && case.method == "POST" && case.path == "/predict" && is_body;
        n_asked.set(n_asked.get() + usize::from(is_one));
        is_one
    };
    check_some("direct invocation", directly, &is_one);
    assert!(10 < n_asked.get(), "{}", n_asked.get());
}
