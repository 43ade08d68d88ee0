//! `pythia check` and `pythia invoke --bundle` of bundles that are right.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::runs::{Folder, beside, example, fails, pythia, stdout};

/// The folder of an example.
pub(crate) fn shipped(name: &str) -> String {
    format!("{}/../../examples/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn json_of(path: &str) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Invokes a bundle with a request on standard input.
pub(crate) fn invoke(bundle: &str, request: &str) -> Output {
    let mut run = Command::new(env!("CARGO_BIN_EXE_pythia"))
        .args(["invoke", "-", "--bundle", bundle])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    run.stdin.take().unwrap().write_all(request.as_bytes()).unwrap();
    run.wait_with_output().unwrap()
}

#[test]
fn check_says_what_a_bundle_is_and_answers_its_example() {
    let run = pythia(&["check", &shipped("housing")]);
    assert!(run.status.success(), "{run:?}");
    let said = stdout(&run);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "service  housing");
    assert_eq!(
        lines[1],
        "model    target_encoder.pkl: category_encoders.target_encoder.TargetEncoder, transform of city_full"
    );
    assert!(lines[2].starts_with("model    model.pkl: sklearn.ensemble._forest.RandomForestRegressor, predict of living_area, "));
    assert!(lines[3].starts_with("tables   ") && lines[3].ends_with(" bytes in memory"), "{said}");
    assert!(lines[4].starts_with("example  answered in "), "{said}");
    assert!(
        lines[4]
            .ends_with(r#" ms: {"predictions":[201457.88845937868],"count":1,"actuals":[215000]}"#),
        "{said}"
    );
    assert_eq!(lines.len(), 5, "{said}");
    for bundle in ["housing/pythia.toml", "schedule"] {
        let run = pythia(&["check", &shipped(bundle)]);
        assert!(run.status.success(), "{run:?}");
    }
}

#[test]
fn invoke_answers_what_python_does() {
    let requests = json_of(&shipped("housing/requests.json"));
    let expected = json_of(&shipped("housing/expected.json"));
    let pairs = requests.as_array().unwrap().iter().zip(expected.as_array().unwrap());
    let (mut n_answered, mut n_refused) = (0, 0);
    for (request, want) in pairs {
        let run = invoke(&shipped("housing"), &request.to_string());
        let said: Value = serde_json::from_slice(&run.stdout).unwrap();
        if run.status.success() {
            assert_eq!(&said, want, "{request}");
            n_answered += 1;
        } else {
            assert_eq!(&said, want, "{request}");
            assert_eq!(run.status.code(), Some(2), "{run:?}");
            n_refused += 1;
        }
    }
    assert!(8 < n_answered && 0 < n_refused, "{n_answered} {n_refused}");
    let wrong = invoke(&shipped("schedule"), r#"{"date": "2013-02-30", "cycle": "Cycle2"}"#);
    assert_eq!(wrong.status.code(), Some(2));
    let want = "date is \"2013-02-30\", a date such as 2025-10-20 is expected; cycle is \"Cycle2\", one of Cycle1, Cycle3 is expected";
    assert_eq!(serde_json::from_slice::<Value>(&wrong.stdout).unwrap(), json!({"error": want}));
    let wrong = invoke(&shipped("housing"), "{");
    assert_eq!((wrong.status.code(), stdout(&wrong)), (Some(2), String::new()), "{wrong:?}");
}

/// The bundle beside the tests, with the model that it takes from its neighbour.
fn islands() -> Folder {
    let folder = Folder::new();
    for file in fs::read_dir(beside("bundle")).unwrap().map(|it| it.unwrap().path()) {
        fs::copy(&file, folder.path(&file.file_name().unwrap().to_string_lossy())).unwrap();
    }
    fs::copy(beside("custom/model.pkl"), folder.path("model.pkl")).unwrap();
    folder
}

#[test]
fn pickled_tables_parquet_and_json_lines_join_as_pandas_merges_them() {
    let folder = islands();
    let run = pythia(&["invoke", &folder.text("requests.json"), "--bundle", &folder.text("")]);
    assert!(run.status.success(), "{run:?}");
    let mut found: Value = serde_json::from_slice(&run.stdout).unwrap();
    for row in found.as_array_mut().unwrap() {
        // Its class is not Python's any more: a stand-in of [classes] answers.
        assert_eq!(row.as_object_mut().unwrap().remove("species"), Some(json!("Adelie")));
    }
    assert_eq!(found, json_of(&folder.text("expected.json")));
}

#[test]
fn stand_ins_of_a_bundle_answer_as_the_classes_do() {
    let folder = islands();
    let data = fs::read_to_string(beside("custom/data.csv")).unwrap();
    let mut lines = data.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let record = |line: &str| {
        let cells = names.iter().zip(line.split(','));
        let mut record: Value = json!({"island": "Dream", "year": 2007});
        cells.for_each(|(name, cell)| record[*name] = cell.into());
        record
    };
    let request = json!({"records": lines.map(record).collect::<Vec<_>>()});
    let run = invoke(&folder.text(""), &request.to_string());
    assert!(run.status.success(), "{run:?}");
    let found: Value = serde_json::from_slice(&run.stdout).unwrap();
    let species: Vec<&str> =
        found.as_array().unwrap().iter().map(|it| it["species"].as_str().unwrap()).collect();
    let expected = fs::read_to_string(beside("custom/expected.csv")).unwrap();
    assert_eq!(species, expected.lines().skip(1).collect::<Vec<_>>());
    // Without them the model's class is not known.
    let toml = fs::read_to_string(folder.path("pythia.toml")).unwrap();
    folder.write("pythia.toml", &toml.replace("\"my_pkg.Size\"", "\"my_pkg.Other\""));
    let said = fails(&["check", &folder.text("")], 2);
    assert!(
        said.starts_with("error: pythia.toml line 30, column 9: Failed to load model: model.pkl: "),
        "{said}"
    );
    assert!(said.contains("my_pkg.Size"), "{said}");
}

#[test]
fn an_event_with_a_body_or_parameters_is_answered_as_the_function_does() {
    let bundle = shipped("schedule");
    for event in [
        json!({"body": "{\"date\": \"2013-10-27\"}"}),
        json!({"queryStringParameters": {"date": "2013-10-27"}}),
        json!({"httpMethod": "POST", "path": "/predict", "body": "{\"date\": \"2013-10-27\"}"}),
        json!({"version": "2.0", "rawPath": "/predict", "rawQueryString": "date=2013-10-27",
            "requestContext": {"http": {"method": "GET"}}}),
    ] {
        let run = invoke(&bundle, &event.to_string());
        assert!(run.status.success(), "{run:?}");
        let said: Value = serde_json::from_slice(&run.stdout).unwrap();
        assert_eq!(said["statusCode"], 200, "{said}");
        let body: Value = serde_json::from_str(said["body"].as_str().unwrap()).unwrap();
        assert_eq!((&body["date"], &body["results"]), (&json!("2013-10-27"), &json!([])), "{body}");
    }
    let run = invoke(&bundle, r#"{"queryStringParameters": {"date": "27.10.2013"}}"#);
    assert_eq!(run.status.code(), Some(2), "{run:?}");
    let said: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(said["statusCode"], 400, "{said}");
}

#[test]
fn a_name_that_no_path_has_is_shown_with_the_one_in_paths() {
    let folder = islands();
    let text = fs::read_to_string(folder.path("pythia.toml")).unwrap();
    let text = text.replace("name = \"islands\"", "name = \"a/b\"");
    fs::write(folder.path("pythia.toml"), text).unwrap();
    let run = pythia(&["check", &folder.text("")]);
    assert!(run.status.success(), "{run:?}");
    assert_eq!(stdout(&run).lines().next(), Some("service  a/b (in paths a-b)"));
}

#[test]
fn a_state_dict_is_said_to_need_its_layers() {
    let model = shipped("stocks/model.pth");
    let (data, out) = (example("data.csv"), Folder::new());
    let want = "model.pth: $ is a state dict of PyTorch";
    let said = fails(&["predict", &model, &data, "-o", &out.text("out.csv")], 4);
    assert!(said.contains(want) && said.contains("--layers"), "{said}");
    let said = fails(&["serve", &model, "--port", "0"], 4);
    assert!(said.contains(want) && said.contains("layers of a bundle"), "{said}");
}
