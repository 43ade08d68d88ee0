//! Services whose files lie on S3: opened, changed while they answer, missing, and read no further than needed.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use engine::{
    ArtifactKeys, Category, Context, S3Settings, Service, Settings, Storage, parse_location,
};
use s3_server::{Fault, Seen, Server};
use serde_json::{Value, json};
use storage::Tuning;

fn example(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/housing").join(file)
}

fn read(file: &str) -> Vec<u8> {
    fs::read(example(file)).unwrap()
}

const FILES: [&str; 4] = ["pythia.toml", "model.pkl", "freq_encoder.pkl", "target_encoder.pkl"];

struct Place {
    server: Server,
    settings: Settings,
}

/// The example's bundle under `s3://b/houses/`.
fn place() -> Place {
    let server = Server::start(&["b", "other"]).unwrap();
    for file in FILES {
        server.put("b", &format!("houses/{file}"), read(file));
    }
    let tuning = Tuning {
        retries: 2,
        first_wait: Duration::from_millis(2),
        longest_wait: Duration::from_millis(10),
        read_timeout: Duration::from_millis(400),
        ..Tuning::default()
    };
    let s3 = S3Settings::from_variables(server.variables()).with_tuning(tuning);
    Place { server, settings: Settings { storage: Storage::new(s3), ..Settings::default() } }
}

impl Place {
    fn open(&self, uri: &str) -> Result<Service, engine::Error> {
        Service::open(&parse_location(uri)?, &self.settings)
    }

    /// The requests that this makes.
    fn seen_by<T>(&self, act: impl FnOnce() -> T) -> (T, Vec<Seen>) {
        let before = self.server.seen().len();
        let done = act();
        (done, self.server.seen().split_off(before))
    }
}

fn context() -> Context {
    Context::new("test")
}

fn requests() -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_slice(&read("requests.json")).unwrap();
    // Those that are answered.
    all.into_iter().filter(|it| it.get("records") != Some(&json!([]))).collect()
}

fn answers(service: &Service) -> Vec<Result<Value, String>> {
    let answer = |it: &Value| service.answer(it, &context()).map_err(|err| err.to_string());
    requests().iter().map(answer).collect()
}

#[test]
fn a_bundle_under_a_prefix_answers_as_the_folder_does() {
    let place = place();
    let local = Service::open(
        &parse_location(&example("").to_string_lossy()).unwrap(),
        &Settings::default(),
    );
    let want = answers(&local.unwrap());
    assert!(9 <= want.iter().filter(|it| it.is_ok()).count());
    for uri in ["s3://b/houses", "s3://b/houses/", "s3://b/houses/pythia.toml"] {
        assert_eq!(answers(&place.open(uri).unwrap()), want, "{uri}");
    }
    let location = parse_location("s3://b/houses/").unwrap();
    assert!(Service::open_if_bundle(&location, &place.settings).unwrap().is_some());
    let none = parse_location("s3://b/elsewhere/").unwrap();
    assert!(Service::open_if_bundle(&none, &place.settings).unwrap().is_none());
    // A file of another bucket.
    let toml = String::from_utf8(read("pythia.toml")).unwrap();
    let toml = toml.replace("\"model.pkl\"", "\"s3://other/models/houses.pkl\"");
    place.server.put("b", "far/pythia.toml", toml);
    place.server.put("b", "far/freq_encoder.pkl", read("freq_encoder.pkl"));
    place.server.put("b", "far/target_encoder.pkl", read("target_encoder.pkl"));
    place.server.put("other", "models/houses.pkl", read("model.pkl"));
    assert_eq!(answers(&place.open("s3://b/far").unwrap()), want);
}

#[test]
fn files_that_are_missing_are_all_named() {
    let place = place();
    place.server.remove("b", "houses/freq_encoder.pkl");
    place.server.remove("b", "houses/model.pkl");
    let err = place.open("s3://b/houses").unwrap_err();
    let text = err.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].starts_with("pythia.toml line 24, column 19: table counts: File not found in S3: s3://b/houses/freq_encoder.pkl"), "{text}");
    assert!(
        lines[1].starts_with(
            "pythia.toml line 53, column 9: File not found in S3: s3://b/houses/model.pkl"
        ),
        "{text}"
    );
    let err = place.open("s3://b/nothing").unwrap_err();
    assert_eq!(err.to_string(), "File not found in S3: s3://b/nothing/pythia.toml");
    assert_eq!(err.category(), Category::Storage);
    let err = place.open("s3://absent/houses").unwrap_err();
    assert_eq!(err.to_string(), "Bucket not found: absent");
}

/// A dict, as pickle's protocol 0 writes it.
const NOBODY_LIVES_THERE: &str = "(dp0\nVNorth_Ames\np1\nI0\ns.";

#[test]
fn a_changed_file_is_picked_up_and_an_unchanged_one_is_not_read_again() {
    let place = place();
    let service = place.open("s3://b/houses").unwrap();
    let body = json!([{"zipcode": "North_Ames", "living_area": 1656, "date": "2010-05-01"}]);
    let price = || service.answer(&body, &context()).unwrap()["predictions"][0].clone();
    let before = price();

    let (changed, seen) = place.seen_by(|| service.refresh().unwrap());
    assert!(!changed);
    let methods: Vec<&str> = seen.iter().map(|it| it.method.as_str()).collect();
    assert_eq!(methods, ["HEAD"; 4], "{seen:?}");

    // The same bytes are the same version, whenever they were written.
    place.server.put("b", "houses/freq_encoder.pkl", read("freq_encoder.pkl"));
    assert!(!service.refresh().unwrap());

    let table = NOBODY_LIVES_THERE.to_owned();
    let toml = String::from_utf8(read("pythia.toml")).unwrap();
    place.server.put("b", "houses/freq_encoder.pkl", table);
    assert!(service.refresh().unwrap());
    let after = price();
    assert_ne!(after, before, "a neighborhood of nobody");
    assert!(!service.refresh().unwrap());

    place.server.put("b", "houses/pythia.toml", toml.replace("'count', count(*)", "'n', count(*)"));
    assert!(service.refresh().unwrap());
    assert_eq!(service.answer(&body, &context()).unwrap()["n"], 1);
}

#[test]
fn what_cannot_be_read_anew_leaves_the_old_one_answering() {
    let place = place();
    let service = place.open("s3://b/houses").unwrap();
    let want = answers(&service);

    place.server.put("b", "houses/model.pkl", &b"no pickle"[..]);
    let err = service.refresh().unwrap_err().to_string();
    assert!(
        err.starts_with(
            "pythia.toml line 53, column 9: Failed to load model: model.pkl: this is not a pickle"
        ),
        "{err}"
    );
    assert_eq!(answers(&service), want);

    place.server.remove("b", "houses/model.pkl");
    let err = service.refresh().unwrap_err();
    assert_eq!(err.to_string(), "File not found in S3: s3://b/houses/model.pkl");
    assert_eq!(answers(&service), want);

    place.server.put("b", "houses/model.pkl", read("model.pkl"));
    place.server.fail(|_| Fault::Status(503));
    let err = service.refresh().unwrap_err();
    assert_eq!(err.category(), Category::System, "{err}");
    assert_eq!(answers(&service), want);

    place.server.fail(|_| Fault::None);
    assert!(!service.refresh().unwrap(), "all is as it was");
    assert_eq!(answers(&service), want);
}

fn keys() -> ArtifactKeys {
    let variables = [
        ("S3_BUCKET", "b"),
        ("MODEL_KEY", "houses/model.pkl"),
        ("FREQ_ENCODER_KEY", "houses/freq_encoder.pkl"),
        ("TARGET_ENCODER_KEY", "houses/target_encoder.pkl"),
        ("TRAIN_FEATURES_KEY", "train.csv"),
    ];
    let variables: Vec<(String, String)> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    ArtifactKeys::from_variables(&variables).unwrap().unwrap()
}

/// The reads of the training table: its first byte and its last.
fn ranges(seen: &[Seen]) -> Vec<(Option<u64>, Option<u64>)> {
    let reads = seen.iter().filter(|it| it.method == "GET" && it.path == "/b/train.csv");
    reads.map(|it| (it.offset, it.last)).collect()
}

#[test]
fn of_the_training_table_the_header_alone_is_read() {
    let place = place();
    let text = String::from_utf8(read("train_features.csv")).unwrap();
    let (header, row) = text.trim_end().split_once('\n').unwrap();
    let large =
        format!("{header}\n{}", format!("{}\n", row.lines().next().unwrap()).repeat(100_000));
    assert!(4 << 20 < large.len());
    place.server.put("b", "train.csv", large.clone());
    let open = || Service::of_artifacts(keys(), &place.settings);
    let (service, seen) = place.seen_by(|| open().unwrap());
    assert_eq!(ranges(&seen), [(Some(0), Some((16 << 10) - 1))], "{seen:?}");

    let want: Vec<Value> = serde_json::from_slice(&read("expected.json")).unwrap();
    let requests: Vec<Value> = serde_json::from_slice(&read("requests.json")).unwrap();
    for (request, want) in requests.iter().zip(&want).filter(|it| it.1.get("error").is_none()) {
        let found = service.answer(request, &context()).unwrap();
        assert_eq!(found.to_string(), want.to_string());
    }

    // The next training has another column: found by the table's ETag, read as little.
    let wider = large.replacen(header, &format!("{header},pool"), 1);
    place.server.put("b", "train.csv", wider);
    let (err, seen) = place.seen_by(|| service.refresh());
    assert_eq!(ranges(&seen), [(Some(0), Some((16 << 10) - 1))], "{seen:?}");
    assert!(err.unwrap());
    let one = json!([{"living_area": 1656}]);
    let answer = service.answer(&one, &context()).unwrap();
    assert_eq!(
        answer["warnings"].as_array().unwrap().last().unwrap(),
        "pool is absent and was taken as 0"
    );

    // A header longer than what is asked for first.
    let names: Vec<String> = (0..4000).map(|it| format!("another_column_{it}")).collect();
    let long = format!("{header},{}\n", names.join(","));
    assert!((64 << 10) < long.len());
    place.server.put("b", "train.csv", format!("{long}{}", "1\n".repeat(200_000)));
    let (_, seen) = place.seen_by(|| open().unwrap());
    let ends = ranges(&seen).into_iter().map(|it| it.1.unwrap() + 1).collect::<Vec<_>>();
    assert_eq!(ends, [16 << 10, 64 << 10, 256 << 10], "{seen:?}");
}
