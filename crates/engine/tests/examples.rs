//! The examples' services answer as Python's do, number by number.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use engine::{ArtifactKeys, Category, Context, Location, Service, Settings};
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
    assert_eq!(
        refused(json!({"end_date": "2013-10-20"})),
        "end_date is before 2013-11-18, the first day without a start_date"
    );
    assert_eq!(refused(json!({"Date": "2013-10-20"})), "Date is not known");
    assert!(service.answer(&service.example(), &context()).is_ok());
}

/// PyTorch adds in another order, with its own `exp` and `tanh`, in `float32`.
const CLOSE: f64 = 1e-6;

/// Numbers are close, everything else is the same, names in the same order too.
fn close(found: &Value, want: &Value) -> bool {
    match (found, want) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= CLOSE * b.abs()
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.keys().eq(b.keys()) && a.values().zip(b.values()).all(|(a, b)| close(a, b))
        }
        _ => found == want,
    }
}

#[test]
fn a_network_behind_its_scaler_is_configuration_alone() {
    let service = bundle("stocks");
    let (mut n_answered, mut n_refused) = (0, 0);
    for (request, want) in pairs("stocks") {
        match service.answer(&request, &context()) {
            Ok(found) => {
                assert!(close(&found, &want), "{found}\n{want}");
                n_answered += 1;
            }
            Err(err) => {
                same(&json!({"error": err.to_string()}), &want, &request);
                assert_eq!(err.category().answer().status, 400, "{request}: {err}");
                n_refused += 1;
            }
        }
    }
    assert_eq!((n_answered, n_refused), (4, 13));
    // Numbers that float32 does not hold.
    let huge = json!({"ticker": "X", "features": vec![1e308; 600]});
    let err = service.answer(&huge, &context()).unwrap_err();
    assert_eq!(err.category().answer().status, 400, "{err}");
    assert!(err.to_string().contains("too large"), "{err}");
    assert!(service.answer(&service.example(), &context()).is_ok());
    assert_eq!(service.models()[0].inputs()[0].shape, [60, 10]);
}

#[test]
fn what_the_metadata_do_not_say_is_absent() {
    let folder = tempfile::tempdir().unwrap();
    for file in fs::read_dir(example("stocks")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    let text = r#"{"model": "m", "confidence": null, "residual_025": null, "residual_975": null}"#;
    fs::write(folder.path().join("metadata.jsonl"), text).unwrap();
    let location = Location::Local(folder.path().to_owned());
    let service = Service::open(&location, &Settings::default()).unwrap();
    let found = service.answer(&service.example(), &context()).unwrap();
    let names: Vec<&str> = found.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["ticker", "prediction", "model", "timestamp", "request_id"]);
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
fn everything_wrong_with_records_is_told_together() {
    let service = Service::of_artifacts(keys(), &Settings::default()).unwrap();
    let refused = |body: Value| service.answer(&body, &context()).unwrap_err().to_string();
    assert_eq!(
        refused(json!([{"date": "soon", "rooms": "many"}, {"rooms": 3, "date": "2010-02-30"}])),
        "records[0].date is \"soon\", a date such as 2025-10-20 is expected; \
         records[1].date is \"2010-02-30\", a date such as 2025-10-20 is expected; \
         records[0].rooms: \"many\" is not a number"
    );
    for nothing in [json!(null), json!({}), json!([]), json!(""), json!(0), json!(false)] {
        assert_eq!(refused(json!({"records": nothing})), "No records provided in payload");
    }
    assert_eq!(refused(json!({"records": "many"})), "records must be a list of objects");
}

#[test]
fn a_date_is_all_of_its_text() {
    let service = Service::of_artifacts(keys(), &Settings::default()).unwrap();
    let of = |date: &str| service.answer(&json!({"rooms": 5, "date": date}), &context());
    let want = of("2010-05-01").unwrap()["predictions"].clone();
    for same in [
        "2010/05/01",
        "5/1/2010",
        "2010-05-01T08:30",
        "2010-05-01 08:30:00.5",
        "2010-05-01T08:30:00Z",
    ] {
        assert_eq!(of(same).unwrap()["predictions"], want, "{same}");
    }
    for wrong in
        ["2010-05-01 garbage", "2010-05-01Tzz", "2010-05/01", "2010-05-01T", "2010-05-01 25:00"]
    {
        assert!(of(wrong).unwrap_err().to_string().contains("a date such as"), "{wrong}");
    }
    // As `pandas.to_datetime` has it, an empty text is a missing date.
    let missing = service.answer(&json!({"rooms": 5, "date": null}), &context()).unwrap();
    assert_eq!(of("").unwrap(), missing);
}

#[test]
fn a_training_table_that_is_not_the_models_is_refused_on_load() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("train_features.csv");
    fs::write(&path, "import pandas\nprice\n").unwrap();
    let keys = ArtifactKeys { train_features: Some(Location::Local(path)), ..keys() };
    let err = Service::of_artifacts(keys, &Settings::default()).unwrap_err();
    assert_eq!(err.category(), Category::Model, "{err}");
    let text = "Failed to load model: model.pkl: it takes columns that train_features.csv lacks: ";
    assert!(err.to_string().starts_with(text), "{err}");
}

#[test]
fn another_target_comes_back_as_actuals() {
    let keys = ArtifactKeys { target: "rent".to_owned(), ..keys() };
    let service = Service::of_artifacts(keys, &Settings::default()).unwrap();
    let body = json!([{"living_area": 990, "rent": 5}, {"living_area": 990, "rent": "7"}]);
    let found = service.answer(&body, &context()).unwrap();
    assert_eq!((&found["count"], &found["actuals"]), (&json!(2), &json!([5, "7"])));
    // Two equal records are two predictions; what is price now is a column of the training table.
    assert_eq!(found["predictions"][0], found["predictions"][1]);
    assert!(
        found["warnings"]
            .as_array()
            .unwrap()
            .contains(&json!("price is absent and was taken as 0"))
    );
}

#[test]
fn the_housing_bundle_answers_what_the_built_in_service_does() {
    let service = bundle("housing");
    for (request, want) in pairs("housing") {
        match service.answer(&request, &context()) {
            Ok(found) => same(&found, &want, &request),
            Err(err) => same(&json!({"error": err.to_string()}), &want, &request),
        }
    }
    // Another spelling of the rows' name is a record without features, and that is told.
    let misspelt = json!({"Records": [{"living_area": 1200}]});
    let found = service.answer(&misspelt, &context()).unwrap();
    let warnings = found["warnings"].as_array().unwrap();
    assert_eq!(warnings[0], "Records is no feature of the model and was not used");
    assert_eq!(warnings.len(), 13, "{warnings:?}");
    let made = json!({"year": 2009, "rooms": 3});
    let found = service.answer(&made, &context()).unwrap();
    assert_eq!(found["warnings"][0], "year is made of date and was not used");
    let wrong = json!([{"rooms": "x", "date": "y"}, {"rooms": "z"}, 5, {"rooms": [1]}]);
    assert_eq!(
        service.answer(&wrong, &context()).unwrap_err().to_string(),
        "records[2] is a number, an object is expected; \
         records[0].date is \"y\", a date such as 2025-10-20 is expected; \
         records[0].rooms is \"x\", a number is expected; \
         records[1].rooms is \"z\", a number is expected; \
         records[3].rooms is a list, a number is expected"
    );
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
    assert_eq!(keys.target, "price");
    let other = variables(&[("S3_BUCKET", "b"), ("TARGET_COLUMN", "rent"), ("MODEL_KEY", "")]);
    let keys = ArtifactKeys::from_variables(&other).unwrap().unwrap();
    assert_eq!(
        (keys.target.as_str(), keys.model.to_string().as_str()),
        ("rent", "s3://b/models/model.pkl")
    );
}
