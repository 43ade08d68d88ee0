//! Times single requests through services, body to answer: median and 99th percentile in microseconds.
//!
//! ```text
//! cargo run --release -p engine --example one_record -- examples
//! ```
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use engine::{ArtifactKeys, Context, Location, RowInputs, Service, Settings, json_text};
use serde_json::{Value, json};

const REPEATS: usize = 5000;

fn main() {
    let examples = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "examples".to_owned()));
    let settings = Settings::default();
    let housing = examples.join("housing");
    let file = |name: &str| Location::Local(housing.join(name));
    let keys = ArtifactKeys {
        model: file("model.pkl"),
        freq_encoder: Some(file("freq_encoder.pkl")),
        target_encoder: Some(file("target_encoder.pkl")),
        train_features: Some(file("train_features.csv")),
        target: "price".to_owned(),
    };
    let requests = std::fs::read(housing.join("requests.json")).unwrap();
    let requests: Vec<Value> = serde_json::from_slice(&requests).unwrap();
    let house = requests[2].to_string();
    let alone = Service::of_model(RowInputs::of_model(file("model.pkl")), &settings).unwrap();
    let features = alone.example().to_string();
    measure("a model alone", &alone, &features);
    measure("records without a bundle", &Service::of_artifacts(keys, &settings).unwrap(), &house);
    let open =
        |folder: &Path| Service::open(&Location::Local(folder.to_owned()), &settings).unwrap();
    measure("the bundle housing", &open(&housing), &house);
    let day = json!({"date": "2013-10-21", "cycle": "Cycle1"}).to_string();
    measure("the bundle schedule", &open(&examples.join("schedule")), &day);
}

fn measure(name: &str, service: &Service, body: &str) {
    let context = Context::new("bench");
    let mut times: Vec<Duration> = Vec::with_capacity(REPEATS);
    for _ in 0..REPEATS {
        let started = Instant::now();
        let body: Value = serde_json::from_str(body).unwrap();
        let text = json_text(&service.answer(&body, &context).unwrap());
        times.push(started.elapsed());
        assert!(!text.is_empty());
    }
    times.sort_unstable();
    let at = |part: usize| times[REPEATS * part / 100].as_secs_f64() * 1e6;
    println!("{}", json!({"service": name, "median_us": at(50).round(), "p99_us": at(99).round()}));
}
