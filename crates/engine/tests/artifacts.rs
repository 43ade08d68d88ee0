//! Records without a bundle: what the files of a training make of them.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use engine::{ArtifactKeys, Context, Service, Settings, parse_location};
use s3_server::Server;
use serde_json::{Value, json};
use storage::{S3Settings, Storage};

const FILES: [&str; 4] =
    ["model.pkl", "freq_encoder.pkl", "target_encoder.pkl", "train_features.csv"];

/// The example's files under `s3://b/`, and the keys of its service.
struct Place {
    server: Server,
    keys: ArtifactKeys,
}

fn read(file: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/housing");
    std::fs::read(folder.join(file)).unwrap()
}

impl Place {
    fn new() -> Self {
        let server = Server::start(&["b"]).unwrap();
        FILES.iter().for_each(|file| server.put("b", file, read(file)));
        let at = |file: &str| parse_location(&format!("s3://b/{file}")).unwrap();
        let keys = ArtifactKeys {
            model: at("model.pkl"),
            freq_encoder: Some(at("freq_encoder.pkl")),
            target_encoder: Some(at("target_encoder.pkl")),
            train_features: Some(at("train_features.csv")),
            target: "price".to_owned(),
        };
        Self { server, keys }
    }

    fn service(&self) -> Service {
        let s3 = S3Settings::from_variables(self.server.variables());
        let settings = Settings { storage: Storage::new(s3), ..Settings::default() };
        Service::of_artifacts(self.keys.clone(), &settings).unwrap()
    }
}

fn answer(service: &Service, body: &Value) -> Result<Value, String> {
    service.answer(body, &Context::new("test")).map_err(|err| err.to_string())
}

/// A record that the example answers, with these keys besides.
fn record(more: &Value) -> Value {
    let mut record = json!({"zipcode": "Sawyer_West", "city_full": "Two_Story", "living_area": 1609, "lot_area": 8453,
        "rooms": 6, "baths": 2, "year_built": 1995, "cars": 2, "fireplaces": 0, "date": "2008-04-01"});
    for (key, value) in more.as_object().unwrap() {
        record[key] = value.clone();
    }
    record
}

#[test]
fn what_is_no_feature_may_be_anything_and_is_told() {
    let service = Place::new().service();
    let mut want = answer(&service, &record(&json!({}))).unwrap();
    want["warnings"] = json!(["pool is no feature of the model and was not used"]);
    for pool in [json!({"depth": 2}), json!([1, 2]), json!(null), json!("deep")] {
        assert_eq!(answer(&service, &record(&json!({"pool": pool}))).unwrap(), want);
    }
}

#[test]
fn what_is_wrong_is_told_at_once_lists_too() {
    let service = Place::new().service();
    let wrong = record(&json!({"rooms": [1], "baths": "two", "date": "zz"}));
    assert_eq!(
        answer(&service, &wrong).unwrap_err(),
        "records[0].rooms is a list, a number, text or truth value is expected; \
         records[0].date is \"zz\", a date such as 2025-10-20 is expected; \
         records[0].baths: \"two\" is not a number"
    );
}

#[test]
fn what_is_never_a_feature_is_absent_though_the_training_table_names_it() {
    let place = Place::new();
    let header = String::from_utf8(read("train_features.csv")).unwrap();
    let header = header.lines().next().unwrap();
    let want = answer(&place.service(), &record(&json!({}))).unwrap();
    place.server.put("b", "train_features.csv", format!("{header},median_sale_price\n"));
    let found = answer(&place.service(), &record(&json!({"median_sale_price": 200_000}))).unwrap();
    assert_eq!(found["predictions"], want["predictions"]);
    let warning = "median_sale_price is absent and was taken as 0";
    assert_eq!(found["warnings"], json!([warning]));
}

#[test]
fn a_lookup_takes_a_whole_number_in_any_form() {
    let place = Place::new();
    // {"10001": 90, "2.5": 9}, as Python's protocol 0 writes it.
    place.server.put("b", "freq_encoder.pkl", "(dp0\nV10001\np1\nI90\nsV2.5\np2\nI9\ns.");
    let service = place.service();
    let of = |zip: Value| answer(&service, &record(&json!({"zipcode": zip}))).unwrap();
    let want = of(json!("10001"));
    assert_ne!(want, of(json!("10002")));
    assert_eq!(of(json!(10001)), want);
    assert_eq!(of(json!(10001.0)), want);
    assert_ne!(of(json!(2.5)), want);
    assert_eq!(of(json!(2.5)), of(json!("2.5")));
}
