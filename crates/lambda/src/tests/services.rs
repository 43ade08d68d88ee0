//! Services whose files are not there, or not what they should be.

use std::thread::sleep;
use std::time::Duration;

use super::*;

fn asked(function: &Function, method: &str) -> (u64, Value, Value) {
    let event = json!({"httpMethod": method, "path": "/predict", "headers": {}, "body": FIRST});
    let answer = function.handler.answer(&event, &call(60)).unwrap();
    let body = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap_or(Value::Null);
    (answer["statusCode"].as_u64().unwrap(), body, answer["headers"].clone())
}

const FIRST: &str = include_str!("../../../../examples/clients/flights.json");

#[test]
fn a_service_that_cannot_be_opened_is_a_fault_in_the_callers_form_until_it_can_be() {
    let function = function(&[("BUNDLE", "s3://models/late.pkl")]);
    let (status, body, headers) = asked(&function, "POST");
    assert_eq!((status, &body["error"]), (500, &json!("Internal server error")));
    assert_eq!(body["message"], "Internal server error");
    assert!(!body.to_string().contains("late.pkl"), "{body}");
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(asked(&function, "OPTIONS").0, 200);
    let direct = serde_json::from_str(FIRST).unwrap();
    assert_eq!(function.handler.answer(&direct, &call(60)).unwrap()["statusCode"], 500);
    // A batch needs no service.
    assert_eq!(function.handler.answer(&event(), &call(60)).unwrap()["statusCode"], 200);
    function.server.put("models", "late.pkl", fs::read(format!("{FLIGHTS}/model.pkl")).unwrap());
    sleep(Duration::from_millis(1100));
    let (status, body, _) = asked(&function, "POST");
    assert_eq!((status, &body["predictions"]), (200, &json!(["late", "punctual"])));
    assert_eq!(function.handler.answer(&direct, &call(60)).unwrap()["statusCode"], 200);
}

#[test]
fn keys_and_paths_are_looked_at_before_services_that_cannot_be_opened() {
    let function = function(&[("BUNDLE", "s3://models/late.pkl"), ("API_KEY", "secret")]);
    let ask = |method: &str, path: &str, key: &str| {
        let headers = json!({"X-API-Key": key, "Accept": "text/html"});
        let event = json!({"httpMethod": method, "path": path, "headers": headers, "body": null});
        let answer = function.handler.answer(&event, &call(60)).unwrap();
        (answer["statusCode"].as_u64().unwrap(), answer["body"].as_str().unwrap().to_owned())
    };
    for (method, path, key, want) in [
        ("POST", "/predict", "wrong", 401),
        ("POST", "/nothing", "wrong", 401),
        ("GET", "/metrics", "", 401),
        ("GET", "/nothing", "secret", 404),
        ("POST", "/a/b/c/predict", "secret", 404),
        ("DELETE", "/predict", "secret", 405),
        ("POST", "/health", "", 405),
        ("OPTIONS", "/predict", "", 200),
        ("GET", "/", "", 200),
        ("GET", "/page.css", "", 200),
        ("GET", "/metrics", "secret", 200),
        ("GET", "/v2/health/live", "", 200),
        ("POST", "/predict", "secret", 500),
        ("POST", "/late/predict", "secret", 500),
        ("POST", "/v1/models/late:predict", "secret", 500),
        ("POST", "/v2/models/late/infer", "secret", 500),
        ("GET", "/card.json", "secret", 500),
    ] {
        let (status, body) = ask(method, path, key);
        assert_eq!(status, want, "{method} {path}: {body}");
    }
    assert_eq!(ask("GET", "/health", ""), (503, "{\"status\":\"unavailable\"}".to_owned()));
    assert_eq!(ask("GET", "/v2/health/ready", ""), (503, "{\"ready\":false}".to_owned()));
    function.server.put("models", "late.pkl", fs::read(format!("{FLIGHTS}/model.pkl")).unwrap());
    sleep(Duration::from_millis(1100));
    assert_eq!(ask("GET", "/health", ""), (200, "{\"status\":\"ok\"}".to_owned()));
    assert_eq!(ask("POST", "/other/predict", "secret").0, 404);
}

#[test]
fn model_files_of_services_are_kept_on_disk_too() {
    let folder = tempfile::tempdir().unwrap();
    let artifacts = folder.path().join("artifacts");
    let variables =
        [("BUNDLE", "s3://models/flights.pkl"), ("ARTIFACT_DIR", artifacts.to_str().unwrap())];
    let function = function(&variables);
    assert_eq!(asked(&function, "POST").0, 200);
    assert_eq!(fs::read_dir(&artifacts).unwrap().count(), 1);
}
