//! A request whose inputs have not changed is answered without a run.

use super::*;

fn cached() -> Value {
    with("cache", json!(true))
}

impl Function {
    /// Whether the answer was an earlier run's; and what it asked of S3 for it.
    fn is_cached(&self, event: Value) -> (Option<bool>, Vec<String>) {
        let from = self.server.seen().len();
        let (status, body) = self.batch(event);
        assert_eq!(status, 200, "{body}");
        assert_eq!(body["predictions_generated"], 2000);
        assert_eq!(body["output_s3_uri"], "s3://out/flights.csv");
        let seen = self.server.seen().split_off(from);
        let asked = seen.iter().map(|it| format!("{} {}", it.method, it.path));
        (body["cached"].as_bool(), asked.collect())
    }

    fn is_run(&self, event: Value) -> bool {
        self.is_cached(event).0 == Some(false)
    }
}

#[test]
fn an_identical_request_reads_no_data_and_writes_nothing() {
    let it = function(&[]);
    assert_eq!(it.is_cached(event()).0, None, "not asked for, not said");
    assert!(it.is_run(cached()), "the first run");
    let written = it.server.get("out", "flights.csv").unwrap();
    let (is_cached, asked) = it.is_cached(cached());
    assert_eq!(is_cached, Some(true));
    let want = [
        "GET /out/.flights.csv.pythia",
        "HEAD /models/flights.pkl",
        "HEAD /data/new/flights%201.csv",
        "HEAD /out/flights.csv",
    ];
    assert_eq!(asked, want);
    assert_eq!(it.server.get("out", "flights.csv").unwrap(), written);
    // A new process knows as much.
    let other = Function { handler: handler(&it.server, &[]), server: it.server };
    assert_eq!(other.is_cached(cached()).0, Some(true));
    assert_eq!(other.is_cached(event()).0, None, "who does not ask for it gets a run");
}

#[test]
fn whatever_has_changed_is_predicted_again() {
    let it = function(&[]);
    assert!(it.is_run(cached()));
    let mut other = cached();
    other["prediction_column_name"] = json!("another");
    assert!(it.is_run(other.clone()), "a parameter");
    assert!(!it.is_run(other));
    assert!(it.is_run(cached()), "the output is the other request's now");
    assert!(!it.is_run(cached()));

    let file = |name: &str| fs::read(format!("{FLIGHTS}/{name}")).unwrap();
    let mut data = file("data.csv");
    let last = data.iter().rposition(u8::is_ascii_digit).unwrap();
    data[last] = if data[last] == b'1' { b'2' } else { b'1' };
    it.server.put("data", "new/flights 1.csv", data);
    assert!(it.is_run(cached()), "a digit of the table");
    assert!(!it.is_run(cached()));

    it.server.put("models", "flights.pkl", file("air_time.pkl"));
    let from = it.server.seen().len();
    let _ = it.batch(cached());
    let seen = it.server.seen().split_off(from);
    assert!(
        seen.iter().any(|it| it.method == "GET" && it.path.contains("/data/")),
        "the model: {seen:?}"
    );
}

#[test]
fn an_output_that_is_another_or_gone_is_written_again() {
    let it = function(&[]);
    assert!(it.is_run(cached()));
    let right = it.server.get("out", "flights.csv").unwrap();
    let overwrite: [fn(&Function); 4] = [
        |it| it.server.put("out", "flights.csv", "a,b\n1,2\n"),
        |it| it.server.remove("out", "flights.csv"),
        |it| it.server.remove("out", ".flights.csv.pythia"),
        |it| it.server.put("out", ".flights.csv.pythia", "{\"digest\": 5"),
    ];
    for change in overwrite {
        change(&it);
        assert!(it.is_run(cached()));
        assert_eq!(it.server.get("out", "flights.csv").unwrap(), right);
        assert!(!it.is_run(cached()));
    }
}

#[test]
fn a_run_with_a_model_that_was_not_asked_for_again_is_not_kept_as_one_with_the_new() {
    let it = function(&[("PYTHIA_MODEL_FRESH_SECONDS", "600")]);
    assert!(it.is_run(cached()));
    it.server.put("models", "flights.pkl", "another");
    assert!(it.is_run(cached()), "another model lies there");
    assert!(it.is_run(cached()), "and it was not the one that the last run used");
}

#[test]
fn what_cannot_be_kept_is_written_all_the_same() {
    let it = function(&[]);
    it.server.fail(|seen| match seen.path.ends_with(".pythia") {
        true => Fault::Status(403),
        false => Fault::None,
    });
    assert!(it.is_run(cached()));
    assert!(it.is_run(cached()));
    assert!(it.server.get("out", "flights.csv").is_some());
    let it = function(&[("PYTHIA_ALLOWED_PREFIXES", "s3://models, s3://data, s3://out/flights")]);
    let (status, body) = it.batch(cached());
    assert_eq!((status, &body["cached"]), (200, &json!(false)), "{body}");
}

#[test]
fn the_default_is_the_deployments_and_the_event_has_the_last_word() {
    let it = function(&[("PYTHIA_RESULT_CACHE", "true")]);
    assert!(it.is_run(event()));
    assert!(!it.is_run(event()));
    assert_eq!(it.is_cached(with("cache", json!(false))).0, None);
    let it = function(&[]);
    assert_eq!(
        it.error(with("cache", json!("yes"))).1,
        "cache must be true or false, not a string"
    );
    it.server.put("models", "pythia.toml", format!("cache = true\n{RULES}"));
    let it = Function { handler: handler(&it.server, &[]), server: it.server };
    let created = json!({"Records": [{
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": "data"}, "object": {"key": "new/flights+1.csv"}},
    }]});
    let is_cached = || it.answer(created.clone()).unwrap()["results"][0]["cached"].clone();
    assert_eq!((is_cached(), is_cached()), (json!(false), json!(true)));
}
