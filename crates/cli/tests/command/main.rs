//! The command as a person runs it: arguments in, text and exit code out.

#![allow(clippy::unwrap_used, clippy::panic)] // a test fails by panicking

mod bundle_problems;
mod bundle_steps;
mod bundles;
mod formats;
mod iterations;
mod models;
#[cfg(unix)]
mod package;
mod runs;
mod serve;
mod tables;
mod verify;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::runs::{Folder, column, example, fails, pythia, stdout};

#[test]
fn predict_adds_the_column_that_python_predicts() {
    let folder = Folder::new();
    let out = folder.text("out.csv");
    let run = pythia(&[
        "predict",
        &example("model.pkl"),
        &example("data.csv"),
        "-o",
        &out,
        "-c",
        "arrival",
    ]);
    assert!(run.status.success(), "{run:?}");
    let said = stdout(&run);
    assert!(
        said.starts_with(&format!("{out}: 2,000 rows predicted, column arrival\n\n")),
        "{said}"
    );
    assert_eq!(said.lines().count(), 8, "a line, a blank one, the header and five rows: {said}");

    let expected = PathBuf::from(example("expected.csv"));
    assert_eq!(column(&folder.path("out.csv"), "arrival"), column(&expected, "arrival"));
    // Everything else is as it was.
    let ours = fs::read_to_string(folder.path("out.csv")).unwrap();
    let data = fs::read_to_string(example("data.csv")).unwrap();
    for (ours, data) in ours.lines().zip(data.lines()) {
        assert_eq!(ours.rsplit_once(',').unwrap().0, data);
    }
}

#[test]
fn probabilities_get_a_column_per_class() {
    let folder = Folder::new();
    let out = folder.text("out.csv.gz");
    let method = ["--method", "predict_proba", "--column", "arrival", "--quiet"];
    let mut args = vec!["predict"];
    let (model, data) = (example("model.pkl"), example("data.csv"));
    args.extend([model.as_str(), data.as_str(), "-o", out.as_str()]);
    args.extend(method);
    let run = pythia(&args);
    assert_eq!((run.status.code(), stdout(&run)), (Some(0), String::new()), "{run:?}");
    // Compressed by extension; read again, with a second prediction beside the first.
    let again = folder.text("again.csv");
    let run =
        pythia(&["predict", &example("air_time.pkl"), &out, "-o", &again, "-c", "air_minutes"]);
    assert!(run.status.success(), "{run:?}");
    let expected = PathBuf::from(example("expected.csv"));
    for name in ["arrival_late", "arrival_punctual", "air_minutes"] {
        assert_eq!(column(&folder.path("again.csv"), name), column(&expected, name), "{name}");
    }
}

#[test]
fn a_pipe_in_and_a_pipe_out() {
    let data = fs::File::open(example("data.csv")).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_pythia"))
        .args(["predict", &example("model.pkl"), "-", "-o", "-"])
        .stdin(data)
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
    assert_eq!(stdout(&run).lines().count(), 2001);
    assert_eq!(run.stderr, b"", "no progress bar in a pipe");
}

#[test]
fn invoke_answers_the_event() {
    let folder = Folder::new();
    let event: serde_json::Value =
        serde_json::from_slice(&fs::read(example("event.json")).unwrap()).unwrap();
    let mut event = event;
    event["model_s3_uri"] = example("model.pkl").into();
    event["data_s3_uri"] =
        format!("file://{}", fs::canonicalize(example("data.csv")).unwrap().display()).into();
    event["output_s3_uri"] = folder.text("out.csv").into();
    let path = folder.write("event.json", &event.to_string());
    let run = pythia(&["invoke", &path]);
    assert!(run.status.success(), "{run:?}");
    let response: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(response["statusCode"], 200);
    let body: serde_json::Value = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    assert_eq!(
        body,
        serde_json::json!({
            "success": true,
            "predictions_generated": 2000,
            "output_s3_uri": folder.text("out.csv"),
            "prediction_column_name": "arrival",
        })
    );
    let expected = PathBuf::from(example("expected.csv"));
    assert_eq!(column(&folder.path("out.csv"), "arrival"), column(&expected, "arrival"));
}

/// What people train behind label encoders and a scaler, and save beside the model.
fn encoded(name: &str) -> String {
    format!("{}/tests/encoded/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn encoders_and_scaler_are_applied_before_the_model() {
    let folder = Folder::new();
    let event = serde_json::json!({
        "model_s3_uri": encoded("model.pkl"),
        "scaler_s3_uri": encoded("scaler.pkl"),
        "encoders_s3_uri": encoded("encoders.pkl"),
        "data_s3_uri": encoded("data.csv"),
        "output_s3_uri": folder.text("out.csv"),
        "prediction_column_name": "species",
        "feature_columns": ["island", "bill_length_mm", "sex", "body_mass_g"],
    });
    let path = folder.write("event.json", &event.to_string());
    let run = pythia(&["invoke", &path]);
    assert!(run.status.success(), "{run:?}");
    // The table has a column of that name: it is replaced in place.
    let header =
        fs::read_to_string(encoded("data.csv")).unwrap().lines().next().unwrap().to_owned();
    let ours = fs::read_to_string(folder.path("out.csv")).unwrap();
    assert_eq!(ours.lines().next(), Some(header.as_str()));
    let expected = fs::read_to_string(encoded("expected.txt")).unwrap();
    assert_eq!(column(&folder.path("out.csv"), "species"), expected.lines().collect::<Vec<_>>());
}

#[test]
fn an_encoder_names_the_cell_it_was_not_trained_on() {
    let folder = Folder::new();
    let data =
        fs::read_to_string(encoded("data.csv")).unwrap().replacen("Torgersen", "Atlantis", 1);
    let data = folder.write("data.csv", &data);
    let text = fails(
        &[
            "predict",
            &encoded("model.pkl"),
            &data,
            "-o",
            &folder.text("out.csv"),
            "--encoders",
            &encoded("encoders.pkl"),
            "--scaler",
            &encoded("scaler.pkl"),
            "--features",
            "island,bill_length_mm,sex,body_mass_g",
        ],
        5,
    );
    assert!(text.contains("data.csv line 2, column island: "), "{text}");
    assert!(text.contains("Atlantis"), "{text}");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let folder = Folder::new();
    // Long enough for several chunks.
    let data = fs::read_to_string(example("data.csv")).unwrap();
    let (header, rows) = data.split_once('\n').unwrap();
    let long = folder.write("long.csv", &format!("{header}\n{}", rows.repeat(20)));
    for threads in ["1", "4"] {
        let out = folder.text(&format!("out{threads}.csv"));
        let run = pythia(&["predict", &example("air_time.pkl"), &long, "-o", &out, "-j", threads]);
        assert!(run.status.success(), "{run:?}");
    }
    let read = |name: &str| fs::read(folder.path(name)).unwrap();
    assert!(read("out1.csv") == read("out4.csv"), "the outputs differ");
}

/// scikit-learn 0.22 did not keep the width of a Normalizer, so it takes any table of numbers.
#[test]
fn a_transformer_without_a_width_takes_all_columns() {
    let folder = Folder::new();
    let golden =
        "../estimators/src/sklearn/preprocessing/normalizer.golden/l2-0.22.2.post1/model.pkl";
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join(golden).display().to_string();
    let data = folder.write("data.csv", "a,b\n3,4\n0,5\n");
    let run = pythia(&["predict", &model, &data, "-o", "-", "--column", "unit"]);
    assert!(run.status.success(), "{run:?}");
    assert_eq!(stdout(&run), "a,b,unit_0,unit_1\n3,4,0.6,0.8\n0,5,0.0,1.0\n");
}

/// Runs an event that must fail with 400: the error's text, and the exit code.
fn refused(folder: &Folder, event: &serde_json::Value) -> (String, i32) {
    let path = folder.write("event.json", &event.to_string());
    let run = pythia(&["invoke", &path]);
    let response: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(response["statusCode"], 400, "{response}");
    let body: serde_json::Value = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["error_type"], "ValidationError");
    assert_eq!(body["success"], false);
    (body["error"].as_str().unwrap().to_owned(), run.status.code().unwrap())
}

#[test]
fn what_an_event_gets_wrong_is_answered_in_the_contracts_words() {
    let folder = Folder::new();
    let data = folder.write("data.csv", "a,b\n1,2\n");
    let out = folder.text("out.csv");
    let event = |model: &str, data: &str, features: serde_json::Value| {
        serde_json::json!({
            "model_s3_uri": model, "data_s3_uri": data, "output_s3_uri": out,
            "prediction_column_name": "p", "feature_columns": features,
        })
    };
    let model = example("model.pkl");
    let cases = [
        (event("gone.pkl", &data, vec!["a"].into()), "File not found: gone.pkl", 3),
        (event(&model, "gone.csv", vec!["a"].into()), "File not found: gone.csv", 3),
        (event(&data, &data, vec!["a"].into()), "Failed to load model: data.csv", 4),
        (
            event(&model, &data, vec!["x", "a", "y"].into()),
            "Missing required feature columns: x, y",
            5,
        ),
        (event(&model, &folder.write("empty.csv", ""), vec!["a"].into()), "Input data is empty", 5),
        (
            event(&model, &folder.write("head.csv", "a\n"), vec!["a"].into()),
            "Input data is empty",
            5,
        ),
        (
            event(&model, &folder.write("ragged.csv", "a,b\n1,2\n1,2,3\n"), vec!["a"].into()),
            "columns are missing: ",
            5,
        ),
    ];
    for (event, text, code) in cases {
        let (error, found) = refused(&folder, &event);
        assert!(error.starts_with(text), "{error} should begin with {text}");
        assert_eq!(found, code, "{error}");
    }
    assert!(!folder.names().contains(&"out.csv".to_owned()));
}

#[test]
fn errors_name_the_place_and_leave_nothing_behind() {
    let folder = Folder::new();
    let model = example("air_time.pkl");
    let data = fs::read_to_string(example("data.csv")).unwrap();
    let at = data.lines().next().unwrap().split(',').position(|it| it == "distance").unwrap();
    let mut lines: Vec<String> = data.lines().map(str::to_owned).collect();
    let mut cells: Vec<&str> = lines[1500].split(',').collect();
    cells[at] = "far";
    lines[1500] = cells.join(",");
    let bad = folder.write("bad.csv", &lines.join("\n"));
    let out = folder.text("out.csv");
    let text = fails(&["predict", &model, &bad, "-o", &out], 5);
    assert_eq!(
        text,
        "error: Failed to generate predictions: bad.csv line 1501, column distance: \
         \"far\" is not a number\n"
    );
    assert_eq!(folder.names(), ["bad.csv"]);

    let text = fails(&["predict", &model, &bad, "-o", &folder.text("no/out.csv")], 3);
    assert!(text.ends_with("no/out.csv does not exist: create it first\n"), "{text}");
    let text = fails(&["predict", &model, &bad, "-o", &out, "--method", "predict_proba"], 2);
    assert!(text.contains("has no method predict_proba; it has predict"), "{text}");
    let text = fails(&["predict", &model, &bad, "-o", &out, "--method", "guess"], 2);
    assert!(text.contains("known methods are predict, predict_proba, "), "{text}");
    let text = fails(&["predict", "s3://bucket", &bad, "-o", &out], 2);
    assert!(text.contains("Expected format: s3://bucket-name/path/to/file"), "{text}");
    assert_eq!(folder.names(), ["bad.csv"]);
}

#[test]
fn inspect_shows_the_tree_of_steps() {
    let run = pythia(&["inspect", &example("model.pkl")]);
    assert!(run.status.success(), "{run:?}");
    let text = stdout(&run);
    for part in [
        "sklearn.pipeline.Pipeline (scikit-learn 1.9.1)",
        "sklearn.compose._column_transformer.ColumnTransformer",
        "sklearn.preprocessing._encoders.OneHotEncoder",
        "sklearn.ensemble._forest.RandomForestClassifier",
        "× sklearn.tree._classes.DecisionTreeClassifier",
        "methods: predict, predict_proba",
        "classes: late, punctual",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let run = pythia(&["inspect", &example("model.pkl"), "--json"]);
    let found: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(found["supported"], true);
    assert_eq!(found["root"]["class"], "sklearn.pipeline.Pipeline");
    assert_eq!(found["root"]["n_features_in"], 14);
}

#[test]
fn a_file_that_asks_for_code_is_refused_by_what_it_asked_for() {
    let folder = Folder::new();
    let attack = folder.write("attack.pkl", "cos\nsystem\n(S'echo hacked > hacked'\ntR.");
    let text = fails(&["inspect", &attack], 4);
    assert!(text.contains("os.system") && text.contains("attack.pkl at byte 0x"), "{text}");
    assert_eq!(folder.names(), ["attack.pkl"]);
}

#[test]
fn help_and_completions_are_there() {
    let help = stdout(&pythia(&["--help"]));
    for command in
        ["predict", "verify", "invoke", "inspect", "package", "completions", "Exit codes:"]
    {
        assert!(help.contains(command), "{help}");
    }
    assert!(stdout(&pythia(&["predict", "--help"])).contains("Examples:"));
    assert!(stdout(&pythia(&["completions", "bash"])).contains("_pythia()"));
}
