//! Times single requests through services, body to answer: median and 99th percentile in microseconds.
//!
//! ```text
//! cargo run --release -p engine --example one_record -- examples [MORE BUNDLES]
//! ```
//! A bundle's example is its request. Of one that has a network, the network alone is timed too: a window in memory to its
//! prediction.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use engine::records::{Cell, InputKind};
use engine::{
    ArtifactKeys, Columns, Context, Location, RowInputs, RowModel, Service, Settings, json_text,
};
use serde_json::{Value, json};

const REPEATS: usize = 5000;

fn main() {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let examples = arguments.next().unwrap_or_else(|| "examples".into());
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
    let settings = Settings::default();
    let alone = Service::of_model(RowInputs::of_model(file("model.pkl")), &settings).unwrap();
    measure("a model alone", &alone, &alone.example());
    let records = Service::of_artifacts(keys, &settings).unwrap();
    measure("records without a bundle", &records, &requests[2]);
    measure("the bundle housing", &open(&housing), &requests[2]);
    let day = json!({"date": "2013-10-21", "cycle": "Cycle1"});
    measure("the bundle schedule", &open(&examples.join("schedule")), &day);
    for folder in [examples.join("stocks")].into_iter().chain(arguments) {
        let service = open(&folder);
        measure(&format!("the bundle {}", service.name()), &service, &service.example());
        for model in service.models() {
            network(&format!("the network of {}", service.name()), &model, &service.example());
        }
    }
}

fn open(folder: &Path) -> Service {
    Service::open(&Location::Local(folder.to_owned()), &Settings::default()).unwrap()
}

fn measure(name: &str, service: &Service, body: &Value) {
    let (context, body) = (Context::new("bench"), body.to_string());
    let answer = || {
        let body: Value = serde_json::from_str(&body).unwrap();
        json_text(&service.answer(&body, &context).unwrap())
    };
    let first: Value = serde_json::from_str(&answer()).unwrap();
    time(name, &first["prediction"], || assert!(!answer().is_empty()));
}

fn network(name: &str, model: &RowModel, request: &Value) {
    let Some(input) = model.inputs().first().filter(|it| it.kind == InputKind::Window) else {
        return;
    };
    let window = Cell::Text(request[&input.name].to_string().into());
    let columns = Columns::new("bench", 1, [(input.name.clone(), vec![window])]).unwrap();
    let predict = || model.predict(&columns, None).unwrap().predictions();
    time(name, &predict()[0], || assert_eq!(predict().len(), 1));
}

/// Prints how long the work takes, and the `prediction` that it gives, if it is one.
fn time(name: &str, prediction: &Value, work: impl Fn()) {
    let mut times: Vec<Duration> = Vec::with_capacity(REPEATS);
    for _ in 0..REPEATS {
        let started = Instant::now();
        work();
        times.push(started.elapsed());
    }
    times.sort_unstable();
    let at = |part: usize| (times[REPEATS * part / 100].as_secs_f64() * 1e6).round();
    println!(
        "{}",
        json!({"service": name, "median_us": at(50), "p99_us": at(99), "prediction": prediction})
    );
}
