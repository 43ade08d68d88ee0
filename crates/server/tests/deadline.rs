//! A request whose time is over is answered 504 in its protocol's form, without a prediction.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, Instant};

use bytes::Bytes;
use engine::Settings;
use serde_json::{Value, json};
use server::{App, AppOptions, Arrival, Level, Log, Origins, Request};

fn app() -> App {
    let model =
        concat!("flights=", env!("CARGO_MANIFEST_DIR"), "/../../examples/flights/model.pkl");
    let service = server::open(model, &Settings::default()).unwrap();
    let options = AppOptions {
        api_key: None,
        origins: Origins::parse("*").unwrap(),
        max_body: 1 << 20,
        log: Log::new(Level::Error),
    };
    App::new(vec![service], options)
}

fn ask(app: &App, path: &str, kind: &str, body: &str, left: Duration) -> (u16, Value) {
    let mut request = Request::new(Bytes::from(body.to_owned()));
    *request.method_mut() = http::Method::POST;
    *request.uri_mut() = path.parse().unwrap();
    request.headers_mut().insert("content-type", kind.parse().unwrap());
    let arrival = Arrival { deadline: Some(Instant::now() + left), ..Arrival::default() };
    let response = app.answer(&request, &arrival);
    let body = serde_json::from_slice(response.body()).unwrap_or_default();
    (response.status().as_u16(), body)
}

#[test]
fn every_protocol_says_that_the_time_is_over() {
    let app = app();
    let example = app.services()[0].example();
    let records = example["records"].clone();
    let tensors: Vec<Value> = records[0]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| {
            let datatype = if value.is_string() { "BYTES" } else { "FP64" };
            json!({"name": name, "shape": [1], "datatype": datatype, "data": [value]})
        })
        .collect();
    let row: Vec<String> = records[0]
        .as_object()
        .unwrap()
        .values()
        .map(|it| it.to_string().replace('"', ""))
        .collect();
    let names: Vec<&str> = records[0].as_object().unwrap().keys().map(String::as_str).collect();
    let csv = format!("{}\n{}\n", names.join(","), row.join(","));
    let (json, text) = ("application/json", "text/csv");
    for (path, kind, body) in [
        ("/predict", json, example.to_string()),
        ("/predict", text, csv),
        ("/invocations", json, json!({"dataframe_records": records}).to_string()),
        ("/v1/models/flights:predict", json, json!({"instances": records}).to_string()),
        ("/v2/models/flights/infer", json, json!({"inputs": tensors}).to_string()),
    ] {
        let (status, found) = ask(&app, path, kind, &body, Duration::from_secs(60));
        assert_eq!(status, 200, "{path}: {found}");
        let (status, found) = ask(&app, path, kind, &body, Duration::ZERO);
        assert_eq!(status, 504, "{path}: {found}");
        let key = if path == "/invocations" { "message" } else { "error" };
        assert_eq!(found[key], "The answer took too long", "{path}");
    }
}
