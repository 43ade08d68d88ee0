//! HTTP requests as events: API Gateway's two forms (a function URL sends the second) and the load balancer's.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_ENCODING;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use serde_json::{Map, Value, json};
use server::{Failure, Request, Response};

/// Who sent the request, and so how it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// API Gateway's REST API, or an HTTP API with payload version 1.0.
    One,
    /// API Gateway's HTTP API with payload version 2.0, or a function URL.
    Two,
    /// A load balancer; with all values of each header, if its target group is set up so.
    Balancer { all_values: bool },
}

/// A request that came as an event.
#[derive(Debug)]
pub(crate) struct HttpEvent {
    pub(crate) form: Form,
    /// Its body is empty if `fault` says that it cannot be read.
    pub(crate) request: Request,
    pub(crate) fault: Option<Failure>,
    /// API Gateway's name for the request.
    pub(crate) request_id: Option<String>,
}

impl Form {
    /// Tells who sent an event, if it is a request.
    fn of(event: &Value) -> Option<Self> {
        let context = &event["requestContext"];
        if context["http"]["method"].is_string() {
            return Some(Self::Two);
        }
        if !event["httpMethod"].is_string() {
            return None;
        }
        Some(match context["elb"].is_object() {
            true => Self::Balancer { all_values: event["multiValueHeaders"].is_object() },
            false => Self::One,
        })
    }

    /// Whether a body that is no text reaches the caller: a REST API hands it on as base64, unless it is told otherwise.
    pub(crate) fn takes_bytes(self) -> bool {
        self != Self::One
    }
}

impl HttpEvent {
    /// Reads an event, if it is a request.
    pub(crate) fn of(event: &Value) -> Option<Self> {
        let form = Form::of(event)?;
        let (method, target) = match form {
            Form::Two => (&event["requestContext"]["http"]["method"], target_of_two(event)),
            Form::One => (&event["httpMethod"], target(event, escaped)),
            // A load balancer leaves parameters as they were sent.
            Form::Balancer { .. } => (&event["httpMethod"], target(event, |it| Cow::Borrowed(it))),
        };
        let mut fault = None;
        let mut request = Request::default();
        match method.as_str().and_then(|it| Method::from_bytes(it.as_bytes()).ok()) {
            Some(method) => *request.method_mut() = method,
            None => fault = Some(Failure::bad("The request's method is not one of HTTP")),
        }
        match PathAndQuery::try_from(target) {
            Ok(target) => *request.uri_mut() = Uri::from(target),
            Err(err) => {
                fault = Some(Failure::bad(format!("The request's path is not one of HTTP: {err}")));
            }
        }
        *request.headers_mut() = headers(event);
        match body(event) {
            Ok(body) => *request.body_mut() = body.into(),
            Err(failure) => fault = Some(failure),
        }
        let request_id = event["requestContext"]["requestId"].as_str().map(str::to_owned);
        Some(Self { form, request, fault, request_id })
    }
}

/// A function URL's and an HTTP API's path begins with the stage's name, unless it is the default one.
fn target_of_two(event: &Value) -> String {
    let path = event["rawPath"].as_str().unwrap_or("/");
    let stage = event["requestContext"]["stage"].as_str().unwrap_or("$default");
    let rest = path.strip_prefix('/').and_then(|it| it.strip_prefix(stage));
    let path = match rest {
        Some("") => "/",
        Some(rest) if rest.starts_with('/') => rest,
        _ => path,
    };
    with_query(path, event["rawQueryString"].as_str().unwrap_or_default())
}

fn target(event: &Value, write: fn(&str) -> Cow<'_, str>) -> String {
    let resource = resource(event);
    let path = match (event["path"].as_str(), &resource) {
        (Some(path), Some(resource)) if path.ends_with(resource) => resource,
        (Some(path), _) => path,
        // As tests of handlers write events.
        (None, _) => "/predict",
    };
    // What API Gateway has decoded and a URI cannot hold.
    let path: String = path.split('/').map(escaped_part).collect::<Vec<_>>().join("/");
    with_query(&path, &parameters(event, write))
}

/// What an API of its own domain has behind the domain's base path, which `path` begins with: the resource with its parameters.
fn resource(event: &Value) -> Option<String> {
    let part = |it: &str| match it.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
        Some(name) => {
            let name = name.strip_suffix('+').unwrap_or(name);
            event["pathParameters"][name].as_str().map(str::to_owned)
        }
        None => Some(it.to_owned()),
    };
    let parts: Option<Vec<String>> = event["resource"].as_str()?.split('/').map(part).collect();
    parts.map(|it| it.join("/")).filter(|it| it.starts_with('/') && it != "/")
}

/// A path with an event's parameters.
pub(crate) fn target_of_parameters(path: &str, event: &Value) -> String {
    with_query(path, &parameters(event, escaped))
}

fn parameters(event: &Value, write: fn(&str) -> Cow<'_, str>) -> String {
    let mut pairs: Vec<String> = Vec::new();
    let mut add = |name: &str, value: &Value| {
        if let Some(value) = value.as_str() {
            pairs.push(format!("{}={}", write(name), write(value)));
        }
    };
    let all = event["multiValueQueryStringParameters"].as_object();
    if let Some(all) = all.filter(|it| !it.is_empty()) {
        for (name, values) in all {
            values.as_array().into_iter().flatten().for_each(|it| add(name, it));
        }
    } else if let Some(all) = event["queryStringParameters"].as_object() {
        all.iter().for_each(|(name, value)| add(name, value));
    }
    pairs.join("&")
}

fn with_query(path: &str, query: &str) -> String {
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// A text as a query holds it.
fn escaped(text: &str) -> Cow<'_, str> {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"-._~".contains(&it);
    percent(text, is_plain)
}

/// A part of a path: what is escaped already stays so.
fn escaped_part(text: &str) -> Cow<'_, str> {
    percent(text, |it| it.is_ascii_graphic() && !b"?#<>\"{}|\\^`".contains(&it))
}

fn percent(text: &str, is_plain: impl Fn(u8) -> bool) -> Cow<'_, str> {
    if text.bytes().all(&is_plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        match is_plain(byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Cow::Owned(out)
}

/// The headers that HTTP can have. All values of one, where the sender gives them.
fn headers(event: &Value) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut add = |name: &str, value: &Value| {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = value.as_str().map(HeaderValue::from_str);
        if let (Ok(name), Some(Ok(value))) = (name, value) {
            headers.append(name, value);
        }
    };
    if let Some(all) = event["multiValueHeaders"].as_object().filter(|it| !it.is_empty()) {
        for (name, values) in all {
            values.as_array().into_iter().flatten().for_each(|it| add(name, it));
        }
    } else if let Some(all) = event["headers"].as_object() {
        all.iter().for_each(|(name, value)| add(name, value));
    }
    headers
}

/// The body's bytes; a JSON value that stands there as itself counts as its text, as tests of handlers send it.
pub(crate) fn body(event: &Value) -> Result<Vec<u8>, Failure> {
    let text = match &event["body"] {
        Value::Null => return Ok(Vec::new()),
        Value::String(text) => text,
        other => return Ok(other.to_string().into_bytes()),
    };
    if event["isBase64Encoded"] != true {
        return Ok(text.clone().into_bytes());
    }
    STANDARD.decode(text.trim_end()).map_err(|err| Failure {
        causes: vec![err.to_string()],
        ..Failure::bad("The body is not base64, although isBase64Encoded says so")
    })
}

/// A response as the sender of an event expects it; none: whoever invoked the function directly.
pub(crate) fn answer(form: Option<Form>, response: &Response) -> Value {
    let status = response.status();
    let mut all = Map::new();
    all.insert("statusCode".to_owned(), status.as_u16().into());
    if matches!(form, Some(Form::Balancer { .. })) {
        all.insert("statusDescription".to_owned(), status.to_string().into());
    }
    match form {
        Some(Form::Balancer { all_values: true }) => {
            let headers = grouped(response, |values| json!(values));
            all.insert("multiValueHeaders".to_owned(), headers);
        }
        _ => {
            let headers = grouped(response, |values| values.join(", ").into());
            all.insert("headers".to_owned(), headers);
        }
    }
    let is_packed = response.headers().contains_key(CONTENT_ENCODING);
    let text = std::str::from_utf8(response.body()).ok().filter(|_| !is_packed);
    let body = text.map_or_else(|| STANDARD.encode(response.body()), str::to_owned);
    all.insert("body".to_owned(), body.into());
    if form.is_some() {
        all.insert("isBase64Encoded".to_owned(), text.is_none().into());
    }
    Value::Object(all)
}

fn grouped(response: &Response, write: impl Fn(Vec<&str>) -> Value) -> Value {
    let headers = response.headers();
    let one = |name: &HeaderName| {
        let values = headers.get_all(name).iter().filter_map(|it| it.to_str().ok()).collect();
        (name.as_str().to_owned(), write(values))
    };
    Value::Object(headers.keys().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(event: &Value) -> String {
        HttpEvent::of(event).unwrap().request.uri().to_string()
    }

    #[test]
    fn the_stage_is_no_part_of_the_path() {
        let event = |stage: &str, path: &str| {
            uri(&json!({"version": "2.0", "rawPath": path, "rawQueryString": "a=b%20c",
                "requestContext": {"stage": stage, "http": {"method": "GET", "path": path}}}))
        };
        assert_eq!(event("$default", "/predict"), "/predict?a=b%20c");
        assert_eq!(event("prod", "/prod/predict"), "/predict?a=b%20c");
        assert_eq!(event("prod", "/product"), "/product?a=b%20c");
        assert_eq!(event("prod", "/prod"), "/?a=b%20c");
    }

    #[test]
    fn the_base_path_of_a_domain_is_no_part_of_the_path() {
        let event = |path: &str, resource: &str| {
            uri(&json!({"httpMethod": "GET", "path": path, "resource": resource,
                "pathParameters": {"proxy": "a/predict"}, "requestContext": {}}))
        };
        assert_eq!(event("/prices/predict", "/predict"), "/predict");
        assert_eq!(event("/prices/a/predict", "/{proxy+}"), "/a/predict");
        assert_eq!(event("/a/predict", "/{proxy+}"), "/a/predict");
        assert_eq!(event("/prices", "/"), "/prices");
        assert_eq!(event("/predict", "/{other}"), "/predict");
        assert_eq!(uri(&json!({"httpMethod": "POST", "body": "{}"})), "/predict");
    }

    #[test]
    fn parameters_are_escaped_where_the_sender_decoded_them() {
        let mut event = json!({"httpMethod": "GET", "path": "/a b",
            "multiValueQueryStringParameters": {"d": ["x&y", "é"]}});
        assert_eq!(uri(&event), "/a%20b?d=x%26y&d=%C3%A9");
        event = json!({"httpMethod": "GET", "path": "/a%20b", "requestContext": {"elb": {}},
            "queryStringParameters": {"d": "x%26y"}});
        assert_eq!(uri(&event), "/a%20b?d=x%26y");
    }

    #[test]
    fn what_is_not_http_is_told_and_not_dropped() {
        let fault = |event: Value| HttpEvent::of(&event).unwrap().fault.unwrap().text;
        assert!(
            fault(json!({"httpMethod": "A B", "path": "/"})).starts_with("The request's method")
        );
        let event =
            json!({"httpMethod": "POST", "path": "/", "body": "%", "isBase64Encoded": true});
        assert!(fault(event).starts_with("The body is not base64"));
        assert!(HttpEvent::of(&json!({"body": "{}"})).is_none());
    }

    #[test]
    fn bytes_that_are_no_text_are_base64() {
        let mut response = Response::new(vec![0xff_u8, 0].into());
        response.headers_mut().append("vary", HeaderValue::from_static("a"));
        response.headers_mut().append("vary", HeaderValue::from_static("b"));
        let want = json!({"statusCode": 200, "statusDescription": "200 OK",
            "multiValueHeaders": {"vary": ["a", "b"]}, "body": "/wA=", "isBase64Encoded": true});
        assert_eq!(answer(Some(Form::Balancer { all_values: true }), &response), want);
        assert_eq!(answer(Some(Form::Two), &response)["headers"]["vary"], "a, b");
    }
}
