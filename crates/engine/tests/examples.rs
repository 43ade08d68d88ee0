//! The examples' services answer as Python's do, number by number.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use engine::{ArtifactKeys, Context, Location, Service, Settings};
use serde_json::{Value, json};

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

fn list(path: &Path) -> Vec<Value> {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn bundle(name: &str) -> Service {
    Service::open(&Location::Local(example(name)), &Settings::default()).unwrap()
}

/// 2013-11-18 09:15:00
fn context() -> Context {
    Context { now: UNIX_EPOCH + Duration::from_secs(1_384_766_100), ..Context::new("test") }
}

fn pairs(name: &str) -> Vec<(Value, Value)> {
    let (requests, expected) =
        (list(&example(name).join("requests.json")), list(&example(name).join("expected.json")));
    assert_eq!(requests.len(), expected.len());
    requests.into_iter().zip(expected).collect()
}

/// Texts compare names' order too.
fn same(found: &Value, want: &Value, request: &Value) {
    assert_eq!(found.to_string(), want.to_string(), "{request}");
}

#[test]
fn the_schedule_is_configuration_alone() {
    let service = bundle("schedule");
    for (request, want) in pairs("schedule") {
        match service.answer(&request, &context()) {
            Ok(found) => same(&found, &want, &request),
            Err(err) => {
                assert!(want.is_null(), "{request}: {err}");
                assert_eq!(err.category().answer().status, 400, "{request}: {err}");
            }
        }
    }
    // The query of a GET is of texts, as this is.
    let found = service.answer(&json!({"date": "2013-10-27"}), &context()).unwrap();
    assert_eq!(found["results"], json!([]));
    let refused = |body: Value| service.answer(&body, &context()).unwrap_err().to_string();
    assert_eq!(
        refused(json!({"date": "2013-02-29", "cycle": "Cycle2"})),
        "date is \"2013-02-29\", a date such as 2025-10-20 is expected; \
         cycle is \"Cycle2\", one of Cycle1, Cycle3 is expected"
    );
    assert_eq!(
        refused(json!({"start_date": "2013-10-21", "end_date": "2013-10-20"})),
        "end_date is before start_date"
    );
    assert!(service.answer(&service.example(), &context()).is_ok());
}

fn keys() -> ArtifactKeys {
    let file = |name: &str| Location::Local(example("housing").join(name));
    ArtifactKeys {
        model: file("model.pkl"),
        freq_encoder: Some(file("freq_encoder.pkl")),
        target_encoder: Some(file("target_encoder.pkl")),
        train_features: Some(file("train_features.csv")),
        target: "price".to_owned(),
    }
}

#[test]
fn records_need_no_bundle() {
    let service = Service::of_artifacts(keys(), &Settings::default()).unwrap();
    for (request, want) in pairs("housing") {
        match service.answer(&request, &context()) {
            Ok(found) => same(&found, &want, &request),
            Err(err) => same(&json!({"error": err.to_string()}), &want, &request),
        }
    }
    assert!(service.answer(&service.example(), &context()).is_ok());
    let err = service.answer(&json!({"date": "soon", "rooms": 3}), &context()).unwrap_err();
    assert_eq!(
        err.to_string(),
        "records[0].date is \"soon\", a date such as 2025-10-20 is expected"
    );
    assert_eq!(err.category().answer().status, 400);
}

#[test]
fn the_housing_bundle_predicts_what_the_built_in_service_does() {
    let service = bundle("housing");
    let mut n_compared = 0;
    for (request, want) in pairs("housing").into_iter().filter(|(_, it)| it.get("error").is_none())
    {
        let found = service.answer(&request, &context()).unwrap();
        assert_eq!(found["predictions"], want["predictions"], "{request}");
        n_compared += 1;
    }
    assert_eq!(n_compared, 9);
}

#[test]
fn the_environment_names_the_files() {
    let variables = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let none = ArtifactKeys::from_variables(&variables(&[("MODEL_KEY", "a"), ("S3_BUCKET", "")]));
    assert_eq!(none.unwrap(), None);
    let all = variables(&[
        ("S3_BUCKET", "b"),
        ("FREQ_ENCODER_KEY", "e/f.pkl"),
        ("TARGET_ENCODER_KEY", ""),
    ]);
    let keys = ArtifactKeys::from_variables(&all).unwrap().unwrap();
    assert_eq!(keys.model.to_string(), "s3://b/models/model.pkl");
    assert_eq!(keys.freq_encoder.unwrap().to_string(), "s3://b/e/f.pkl");
    assert_eq!((keys.target_encoder, keys.train_features), (None, None));
}
