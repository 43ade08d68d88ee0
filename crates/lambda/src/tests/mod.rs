//! Invocations, answered from a server in memory with the model and the table of `examples/flights`.

mod artifacts;
mod results;
mod services;

use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use s3_server::{Fault, Server};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Options;
use crate::event::Payload;
use crate::handler::{Call, Failed, Handler};

const FLIGHTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/flights");
const RULES: &str = "[[rules]]\nprefix = 's3://data/new/'\nsuffix = '.csv'\n\
    model = 's3://models/flights.pkl'\noutput = 's3://out/done/'\ncolumn = 'arrival'\n";

struct Function {
    server: Server,
    handler: Handler,
}

fn function(variables: &[(&str, &str)]) -> Function {
    let server = Server::start(&["models", "data", "out", "forbidden"]).unwrap();
    let file = |name: &str| fs::read(format!("{FLIGHTS}/{name}")).unwrap();
    server.put("models", "flights.pkl", file("model.pkl"));
    server.put("data", "new/flights 1.csv", file("data.csv"));
    server.put("models", "pythia.toml", RULES);
    let handler = handler(&server, variables);
    Function { server, handler }
}

/// A process of the function.
fn handler(server: &Server, variables: &[(&str, &str)]) -> Handler {
    let mut all = server.variables();
    let config = [("PYTHIA_CONFIG", "s3://models/pythia.toml"), ("PYTHIA_LOG_LEVEL", "error")];
    let own = config.iter().chain(variables).map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
    all.extend(own);
    Handler::new(Options::from_variables(&all).unwrap())
}

fn call(seconds: u64) -> Call {
    let end = SystemTime::now() + Duration::from_secs(seconds);
    let deadline = end.duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
    Call { request_id: "r".to_owned(), trace_id: None, deadline }
}

fn event() -> Value {
    let event: Value =
        serde_json::from_slice(&fs::read(format!("{FLIGHTS}/event.json")).unwrap()).unwrap();
    let mut event = event;
    event["model_s3_uri"] = json!("s3://models/flights.pkl");
    event["data_s3_uri"] = json!("s3://data/new/flights 1.csv");
    event["output_s3_uri"] = json!("s3://out/flights.csv");
    event
}

impl Function {
    fn answer(&self, event: Value) -> Result<Value, Failed> {
        self.handler.answer(&event, &call(60))
    }

    /// Status and body of a batch.
    fn batch(&self, event: Value) -> (u64, Value) {
        let answer = self.answer(event).unwrap();
        let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        (answer["statusCode"].as_u64().unwrap(), body)
    }

    fn error(&self, event: Value) -> (u64, String) {
        let (status, body) = self.batch(event);
        assert_eq!(body["success"], false);
        assert_eq!(
            body["error_type"],
            if status == 400 { "ValidationError" } else { "InternalError" }
        );
        (status, body["error"].as_str().unwrap().to_owned())
    }
}

fn with(name: &str, value: Value) -> Value {
    let mut event = event();
    event[name] = value;
    event
}

#[test]
fn a_batch_is_answered_as_the_contract_says() {
    let it = function(&[]);
    let (status, body) = it.batch(event());
    let column = event()["prediction_column_name"].clone();
    let want = json!({
        "success": true,
        "predictions_generated": 2000,
        "output_s3_uri": "s3://out/flights.csv",
        "prediction_column_name": column,
    });
    assert_eq!((status, body), (200, want));
    let written = it.server.get("out", "flights.csv").unwrap();
    assert_eq!(written.iter().filter(|it| **it == b'\n').count(), 2001);
}

#[test]
fn each_fault_of_the_caller_has_the_contracts_text() {
    let it = function(&[]);
    it.server.put("models", "broken.pkl", "no pickle");
    it.server.put("data", "empty.csv", "");
    let is = |event, text: &str| {
        let (status, error) = it.error(event);
        assert!(status == 400 && error.starts_with(text), "{status} {error}\nexpected {text}");
    };
    is(
        json!({"model_s3_uri": "s3://m/x"}),
        "Missing required fields in event: data_s3_uri, output_s3_uri, ",
    );
    is(with("feature_columns", json!("a")), "feature_columns must be a list");
    is(with("feature_columns", json!([])), "feature_columns must contain at least one column");
    is(
        with("model_s3_uri", json!("/etc/passwd")),
        "Invalid S3 URI format: /etc/passwd. Must start with 's3://'",
    );
    is(
        with("model_s3_uri", json!("s3://m")),
        "Invalid S3 URI format: s3://m. Expected format: s3://bucket-name/path/to/file",
    );
    is(with("model_s3_uri", json!("s3://models/x")), "File not found in S3: s3://models/x");
    is(with("data_s3_uri", json!("s3://data/x.csv")), "File not found in S3: s3://data/x.csv");
    is(with("data_s3_uri", json!("s3://nothing/x.csv")), "Bucket not found: nothing");
    is(with("data_s3_uri", json!("s3://forbidden/x.csv")), "Failed to download from S3: ");
    is(with("output_s3_uri", json!("s3://forbidden/x.csv")), "Failed to upload to S3: ");
    is(with("model_s3_uri", json!("s3://models/broken.pkl")), "Failed to load model: ");
    is(with("data_s3_uri", json!("s3://data/empty.csv")), "Input data is empty");
    is(with("feature_columns", json!(["a", "b"])), "Missing required feature columns: a, b");
    is(with("model_s3_uri", json!(5)), "model_s3_uri must be a string, not a number");
}

#[test]
fn an_event_that_cannot_be_read_is_the_callers_fault() {
    let it = function(&[]);
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    for event in [deep.as_str(), r#"{"model_s3_uri":"\ud800"}"#, r#"{"model_s3_uri":1e999}"#] {
        let payload = Payload::deserialize(&mut serde_json::Deserializer::from_str(event)).unwrap();
        let answer = it.handler.receive(&payload, &call(60)).unwrap();
        let body: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
        let error = body["error"].as_str().unwrap();
        assert_eq!((answer["statusCode"].as_u64(), &body["success"]), (Some(400), &json!(false)));
        assert!(error.starts_with("The event cannot be read: "), "{error}");
    }
}

#[test]
fn storage_that_keeps_failing_is_no_fault_of_the_caller() {
    let it = function(&[]);
    let answers = |seen: &s3_server::Seen| {
        if seen.path.ends_with(".pkl") { Fault::Short(10) } else { Fault::None }
    };
    it.server.fail(answers);
    let (status, error) = it.error(event());
    assert!(
        status == 500 && error.starts_with("Failed to download from S3: s3://models/"),
        "{error}"
    );
}

#[test]
fn a_run_without_time_ends_cleanly() {
    let it = function(&[]);
    it.server.fail(|seen| if seen.method == "PUT" { Fault::Slow(30_000) } else { Fault::None });
    let answer = it.handler.answer(&event(), &call(3)).unwrap();
    assert_eq!(answer["statusCode"], 500, "{answer}");
    assert_eq!((it.server.get("out", "flights.csv"), it.server.open_uploads()), (None, 0));
}

#[test]
fn new_objects_are_predicted_by_the_rule_for_them() {
    let it = function(&[]);
    let created = |key: &str| {
        json!({
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": "data"}, "object": {"key": key}},
        })
    };
    let answer =
        it.answer(json!({"Records": [created("new/flights+1.csv"), created("other.csv")]}));
    let answer = answer.unwrap();
    assert_eq!(answer["results"][0]["output_s3_uri"], "s3://out/done/flights 1.csv");
    assert_eq!(answer["results"][1], json!({"input": "s3://data/other.csv", "ignored": true}));
    assert!(it.server.get("out", "done/flights 1.csv").is_some());

    let failed = it.answer(json!({"Records": [created("%ff")]})).unwrap_err();
    assert_eq!(failed.error_type, "ValidationError");
    let failed = it.answer(json!({"Records": [created("new/missing.csv")]})).unwrap_err();
    assert_eq!(failed.text, "File not found in S3: s3://data/new/missing.csv");
}

#[test]
fn only_the_messages_that_failed_come_again() {
    let it = function(&[]);
    let message = |id: &str, body: &Value| {
        json!({
            "messageId": id, "eventSource": "aws:sqs", "body": body.to_string(),
        })
    };
    let records = [
        message("good", &event()),
        message("bad", &with("model_s3_uri", json!("s3://models/x"))),
        message("worse", &json!([1])),
    ];
    let answer = it.answer(json!({"Records": records})).unwrap();
    let failed = json!([{"itemIdentifier": "bad"}, {"itemIdentifier": "worse"}]);
    assert_eq!(answer, json!({"batchItemFailures": failed}));
}

#[test]
fn a_model_is_read_once_and_again_when_it_changes() {
    let it = function(&[("PYTHIA_MODEL_FRESH_SECONDS", "0")]);
    let reads = || {
        let seen = it.server.seen();
        seen.iter().filter(|it| it.path.ends_with("/flights.pkl")).count()
    };
    assert_eq!(it.batch(event()).0, 200);
    let first = reads();
    assert_eq!(it.batch(event()).0, 200);
    assert_eq!(reads(), first + 1, "one conditional request, and nothing else");
    it.server.put("models", "flights.pkl", "another");
    assert!(it.error(event()).1.starts_with("Failed to load model: "));

    let it = function(&[]);
    it.batch(event());
    let first = it.server.seen().len();
    it.batch(event());
    let again: Vec<_> = it.server.seen().split_off(first);
    assert!(again.iter().all(|it| !it.path.ends_with(".pkl")), "{again:?}");
}

#[test]
fn values_that_cannot_be_are_told_at_the_start() {
    let wrong = [("PYTHIA_MODEL_CACHE_MB".to_owned(), "lots".to_owned())];
    let err = Options::from_variables(&wrong).err().unwrap();
    assert_eq!(err.to_string(), "PYTHIA_MODEL_CACHE_MB is lots; a whole number is expected");
}
