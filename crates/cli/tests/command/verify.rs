//! `pythia verify`.

use std::fs;

use crate::runs::{Folder, example, fails, pythia, stdout};

fn verify(expected: &str, more: &[&str]) -> (String, Option<i32>) {
    let (model, data) = (example("model.pkl"), example("data.csv"));
    let mut args = vec!["verify", &model, &data, expected];
    args.extend(more);
    let run = pythia(&args);
    assert_eq!(String::from_utf8_lossy(&run.stderr), "");
    (stdout(&run), run.status.code())
}

#[test]
fn the_answers_are_those_of_python() {
    let expected = example("expected.csv");
    let (said, code) = verify(&expected, &["--column", "arrival"]);
    assert_eq!(code, Some(0));
    assert_eq!(
        said,
        "predict: 2,000 rows, all as Python's\n\n\
        \x20 column   differ  flips  worst ulp  worst relative\n\
        \x20 arrival       0      0          0               0\n"
    );
    let (said, code) = verify(&expected, &["-c", "arrival", "-m", "predict_proba", "-q"]);
    assert_eq!((said.as_str(), code), ("", Some(0)));
}

#[test]
fn rows_that_differ_are_counted_and_shown() {
    let folder = Folder::new();
    let table = fs::read_to_string(example("expected.csv")).unwrap();
    let mut rows: Vec<Vec<String>> =
        table.lines().map(|it| it.split(',').map(str::to_owned).collect()).collect();
    rows[3][0] = if rows[3][0] == "late" { "punctual" } else { "late" }.to_owned();
    let wrong = rows.iter().map(|it| it.join(",")).collect::<Vec<_>>().join("\n");
    let expected = folder.write("expected.csv", &wrong);
    let (said, code) = verify(&expected, &["--column", "arrival"]);
    assert_eq!(code, Some(6));
    assert!(said.starts_with("predict: 1 of 2,000 rows differ from Python's\n"), "{said}");
    let shown = format!("  row 3, arrival: {}, Python has {}\n", other(&rows[3][0]), rows[3][0]);
    assert!(said.ends_with(&format!("The first that differ:\n{shown}")), "{said}");
}

fn other(label: &str) -> &str {
    if label == "late" { "punctual" } else { "late" }
}

#[test]
fn numbers_may_differ_by_the_tolerance() {
    let folder = Folder::new();
    let table = fs::read_to_string(example("expected.csv")).unwrap();
    // The next float above the first row's probability.
    let cell = table.lines().nth(1).unwrap().split(',').nth(1).unwrap();
    let value: f64 = cell.parse().unwrap();
    let above = f64::from_bits(value.to_bits() + 1);
    let expected = folder.write("expected.csv", &table.replacen(cell, &format!("{above:?}"), 1));
    let method = ["-c", "arrival", "-m", "predict_proba", "--json"];
    let (said, code) = verify(&expected, &method);
    assert_eq!(code, Some(6));
    let report: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(report["n_different"], 1);
    assert_eq!(report["columns"][0]["worst_ulp"], 1);
    assert_eq!(report["columns"][0]["flips"], 0);
    assert_eq!(report["deviations"][0]["expected"], format!("{above:?}"));
    let mut within = method.to_vec();
    within.extend(["--tolerance", "1e-15"]);
    assert_eq!(verify(&expected, &within).1, Some(0));
}

#[test]
fn tables_that_do_not_match_are_errors() {
    let folder = Folder::new();
    let (model, data) = (example("model.pkl"), example("data.csv"));
    let table = fs::read_to_string(example("expected.csv")).unwrap();
    let labels: Vec<&str> = table.lines().map(|it| it.split(',').next().unwrap()).collect();
    let short = folder.write("short.csv", &labels[..1001].join("\n"));
    let long = folder.write("long.csv", &format!("{}\nlate\n", labels.join("\n")));
    let text = fails(&["verify", &model, &data, &short], 5);
    assert_eq!(text, "error: short.csv ends after 1000 rows, the data goes on\n");
    let text = fails(&["verify", &model, &data, &long], 5);
    assert_eq!(text, "error: long.csv has more rows than the data, which has 2000\n");
    let text = fails(&["verify", &model, &data, &short, "-m", "predict_proba"], 5);
    assert!(text.contains("expected are prediction_late, prediction_punctual"), "{text}");
    let text = fails(&["verify", &model, &data, &short, "--tolerance", "2"], 2);
    assert!(text.contains("a number from 0 to below 1 is expected"), "{text}");
    let text = fails(&["verify", &model, &data, &short, "--with-std"], 2);
    assert!(text.contains("has no method predict_with_std; it has predict"), "{text}");
}
