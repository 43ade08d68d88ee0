//! `--start-iteration` and `--num-iteration`, and the fields of the event.

use std::fs;

use crate::runs::{Folder, beside, column, example, fails, pythia};

fn golden(case: &str, file: &str) -> String {
    beside(&format!("../../estimators/src/{case}/{file}"))
}

/// Whether `pythia predict` with these options answers as the golden case's `want`.
fn answers(case: &str, model: &str, options: &[&str], want: &str) -> bool {
    let folder = Folder::new();
    let out = folder.text("out.csv");
    let (model, data) = (golden(case, model), golden(case, "rows.csv"));
    let header = fs::read_to_string(&data).unwrap().lines().next().unwrap().to_owned();
    let mut args = vec!["predict", &model, &data, "-o", &out, "-q", "-f", &header];
    args.extend(options);
    let run = pythia(&args);
    assert!(run.status.success(), "{run:?}");
    let same = |it: &String| it.parse::<f64>().map_or(it.clone(), |x| format!("{x:?}"));
    let read = |path: &str, name: &str| -> Vec<String> {
        column(path.as_ref(), name).iter().map(same).collect()
    };
    read(&out, "prediction") == read(&golden(case, "want.csv"), want)
}

#[test]
fn each_library_predicts_with_the_iterations_chosen() {
    let forest = "lightgbm/lgbm_regressor.golden/random_forest-4.7.0";
    let dart = "xgboost/xgb_regressor.golden/dart-3.2.0";
    let cat = "catboost/cat_boost_regressor.golden/scale_and_bias-1.2.10";
    for (case, options, want) in [
        (forest, ["--start-iteration", "1", "--num-iteration", "1"], "predict_from_1_of_1"),
        (forest, ["--start-iteration", "-1", "--num-iteration", "2"], "predict_from_-1_of_2"),
        (dart, ["--start-iteration", "2", "--num-iteration", "4"], "predict_from_2_of_4"),
        (cat, ["--start-iteration", "1", "--num-iteration", "2"], "predict_from_1_of_2"),
    ] {
        assert!(answers(case, "model.pkl", &options, want), "{case} {want}");
        assert!(!answers(case, "model.pkl", &[], want), "{case} {want}");
    }
    assert!(answers(forest, "model.pkl", &["--start-iteration", "1"], "predict_from_1_of_None"));
}

#[test]
fn verify_takes_iterations_too() {
    let case = "catboost/cat_boost_regressor.golden/scale_and_bias-1.2.10";
    let (model, rows) = (golden(case, "model.pkl"), golden(case, "rows.csv"));
    let header = fs::read_to_string(&rows).unwrap().lines().next().unwrap().to_owned();
    let want = golden(case, "want.csv");
    let args = ["verify", &model, &rows, &want, "-f", &header, "-c", "predict_from_1_of_2"];
    assert_eq!(pythia(&args).status.code(), Some(6));
    let chosen = [&args[..], &["--start-iteration", "1", "--num-iteration", "2"]].concat();
    assert!(pythia(&chosen).status.success());
}

#[test]
fn iterations_that_a_model_does_not_have_are_refused_by_name() {
    let folder = Folder::new();
    let out = folder.text("out.csv");
    let refused = |model: &str, data: &str, options: &[&str]| {
        fails(&[&["predict", model, data, "-o", &out], options].concat(), 2)
    };
    let data = example("data.csv");
    let text = refused(&example("model.pkl"), &data, &["--num-iteration", "2"]);
    assert!(text.starts_with("error: model.pkl: $.steps[1][1] is sklearn."), "{text}");
    assert!(text.contains("RandomForestClassifier, which has no start_iteration and"), "{text}");
    for (case, options, part) in [
        (
            "catboost/cat_boost_regressor.golden/rmse-1.2.10",
            ["1", "9"],
            "has 6 iterations, but 9 from 1 on",
        ),
        ("catboost/cat_boost_regressor.golden/rmse-1.2.10", ["2", "0"], "add the num_iteration 4"),
        (
            "xgboost/xgb_regressor.golden/dart-3.2.0",
            ["7", "2"],
            "has 8 iterations, but 2 from 7 on",
        ),
        ("xgboost/xgb_regressor.golden/dart-3.2.0", ["5", "0"], "add the num_iteration 3"),
        (
            "xgboost/xgb_regressor.golden/dart-3.2.0",
            ["-1", "2"],
            "has 8 iterations, but 2 from -1 on",
        ),
        ("xgboost/xgb_regressor.golden/dart-1.2.1", ["1", "2"], "takes no start_iteration"),
        (
            "xgboost/xgb_regressor.golden/linear-3.2.0",
            ["0", "2"],
            "is linear, and has no iterations",
        ),
    ] {
        let (model, data) = (golden(case, "model.pkl"), golden(case, "rows.csv"));
        let options = ["--start-iteration", options[0], "--num-iteration", options[1]];
        let text = refused(&model, &data, &options);
        assert!(text.contains(part), "{case}: {text}");
    }
    let dart = "xgboost/xgb_regressor.golden/dart-3.2.0";
    let (model, data) = (golden(dart, "model.pkl"), golden(dart, "rows.csv"));
    let header = fs::read_to_string(&data).unwrap().lines().next().unwrap().to_owned();
    let leaves = ["-m", "apply", "-f", &header, "--start-iteration", "1", "--num-iteration", "2"];
    let text = fails(&[&["predict", &model, &data, "-o", &out], &leaves[..]].concat(), 5);
    assert!(text.contains("XGBoost numbers the leaves of iterations from the first on"), "{text}");
}

#[test]
fn an_event_may_choose_iterations() {
    let case = "lightgbm/lgbm_regressor.golden/random_forest-4.7.0";
    let folder = Folder::new();
    let rows = golden(case, "rows.csv");
    let header = fs::read_to_string(&rows).unwrap().lines().next().unwrap().to_owned();
    let names: Vec<&str> = header.split(',').collect();
    let mut event = serde_json::json!({
        "model_s3_uri": golden(case, "model.pkl"), "data_s3_uri": rows,
        "output_s3_uri": folder.text("out.csv"), "prediction_column_name": "p",
        "feature_columns": names, "start_iteration": 1, "num_iteration": 1,
    });
    let path = folder.write("event.json", &event.to_string());
    assert!(pythia(&["invoke", &path]).status.success());
    let want = column(golden(case, "want.csv").as_ref(), "predict_from_1_of_1");
    assert_eq!(column(&folder.path("out.csv"), "p"), want);

    event["model_s3_uri"] = example("model.pkl").into();
    let path = folder.write("event.json", &event.to_string());
    let run = pythia(&["invoke", &path]);
    assert_eq!(run.status.code(), Some(2));
    let response: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(response["statusCode"], 400);
    assert!(response["body"].as_str().unwrap().contains("which has no start_iteration and"));
}
