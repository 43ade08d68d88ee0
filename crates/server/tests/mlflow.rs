//! Model folders of MLflow behind every protocol. The numbers are scikit-learn's (the golden case of the model's class).

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::fs;

use ::http::Method;
use engine::Settings;
use serde_json::{Value, json};
use server::{App, AppOptions, Arrival, Level, Log, Origins, Request};
use tempfile::TempDir;

const MODEL: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../estimators/src/sklearn/tree/decision_tree_classifier.golden/texts-1.9.1/model.pkl"
);
const ROW: [f64; 3] = [39.1, 181.0, 3750.0];

/// A folder as `mlflow.sklearn.save_model(model, folder, pyfunc_predict_fn=…, serialization_format="pickle")` of MLflow 3.17.2
/// writes it.
fn folder(predict_fn: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "flavors:\n  python_function:\n    env:\n      conda: conda.yaml\n      virtualenv: python_env.yaml\n    \
         loader_module: mlflow.sklearn\n    model_path: model.pkl\n    predict_fn: {predict_fn}\n    python_version: 3.13.0\n  \
         sklearn:\n    code: null\n    pickled_model: model.pkl\n    serialization_format: pickle\n    sklearn_version: 1.9.1\n    \
         skops_trusted_types: null\nmlflow_version: 3.17.2\n"
    );
    fs::write(folder.path().join("MLmodel"), text).unwrap();
    fs::copy(MODEL, folder.path().join("model.pkl")).unwrap();
    folder
}

fn open(folder: &TempDir) -> Result<App, String> {
    let name = format!("birds={}", folder.path().display());
    let service = server::open(&name, &Settings::default()).map_err(|it| it.to_string())?;
    let options = AppOptions {
        api_key: None,
        origins: Origins::Any,
        max_body: 1 << 20,
        log: Log::new(Level::Error),
    };
    Ok(App::new(vec![service], options))
}

fn ask(app: &App, path: &str, body: &Value) -> Value {
    let mut request = Request::default();
    *request.method_mut() = if body.is_null() { Method::GET } else { Method::POST };
    *request.uri_mut() = path.parse().unwrap();
    *request.body_mut() =
        if body.is_null() { Vec::new() } else { body.to_string().into_bytes() }.into();
    serde_json::from_slice(app.answer(&request, &Arrival::default()).body()).unwrap()
}

#[test]
fn the_folders_method_is_asked_wherever_the_caller_names_none() {
    let app = open(&folder("predict_proba")).unwrap();
    let want = json!([[1.0 / 6.0, 5.0 / 6.0]]);
    let rows = json!([ROW]);
    let of = |path: &str, body: Value| ask(&app, path, &body)["predictions"].take();
    assert_eq!(of("/invocations", json!({"inputs": rows})), want);
    let record = json!({"bill_length_mm": 39.1, "flipper_length_mm": 181, "body_mass_g": 3750});
    assert_eq!(of("/predict", record.clone()), want);
    assert_eq!(of("/v1/models/birds:predict", json!({"instances": rows})), want);
    assert_eq!(of("/predict?method=predict", record), json!(["male"]));
    let input = json!({"name": "x", "shape": [1, 3], "datatype": "FP64", "data": ROW});
    let found = ask(&app, "/v2/models/birds/infer", &json!({"inputs": [input]}));
    assert_eq!(found["outputs"][0]["name"], "predict_proba");
    let document = ask(&app, "/openapi.json", &Value::Null).to_string();
    assert!(document.contains(r#""default":"predict_proba""#), "{document}");
    let card = ask(&app, "/card.json", &Value::Null).to_string();
    assert!(card.contains(r#""method":"predict_proba""#), "{card}");
}

#[test]
fn the_usual_method_is_predict() {
    let app = open(&folder("predict")).unwrap();
    assert_eq!(
        ask(&app, "/invocations", &json!({"inputs": [ROW]}))["predictions"],
        json!(["male"])
    );
}

#[test]
fn a_method_that_the_model_does_not_have_is_refused_by_name() {
    let folder = folder("decision_function");
    let told = open(&folder).map(|_| ()).unwrap_err();
    let want = format!(
        "{}/MLmodel: flavors.python_function.predict_fn is decision_function, which the \
         sklearn.tree._classes.DecisionTreeClassifier does not have; it has predict, ",
        folder.path().display()
    );
    assert!(told.starts_with(&want), "{told}");
}
