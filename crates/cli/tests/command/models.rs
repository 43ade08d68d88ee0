//! Models that need more than their file: classes of the user's own, texts in a million columns.

use std::fs;
use std::process::Command;

use crate::runs::{Folder, beside, column, example, fails, pythia, stdout};

#[test]
fn classes_of_the_users_own_need_a_stand_in() {
    let (model, data) = (beside("custom/model.pkl"), beside("custom/data.csv"));
    let expected = beside("custom/expected.csv");
    let text = fails(&["verify", &model, &data, &expected], 4);
    for part in [
        "$.steps[0][1].func is my_pkg.magnitude, which is none of numpy's",
        "$.steps[1][1] is a my_pkg.Size, which is not supported",
        "$.steps[2][1] is a my_pkg.Scale, which is not supported",
        "[classes] in pythia.toml can say what stands in for it",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let config = beside("custom/pythia.toml");
    let run = pythia(&["verify", &model, &data, &expected, "--config", &config]);
    assert!(run.status.success(), "{run:?}");
    assert!(pythia(&["inspect", &model, "--config", &config]).status.success());
}

#[test]
fn settings_in_the_current_folder_are_read() {
    let run = Command::new(env!("CARGO_BIN_EXE_pythia"))
        .args(["verify", "model.pkl", "data.csv", "expected.csv"])
        .current_dir(beside("custom"))
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
}

#[test]
fn settings_that_are_wrong_are_all_named() {
    let folder = Folder::new();
    let config = folder.write(
        "pythia.toml",
        "[classes]\n\"a.Net\" = \"torch.nn.Linear\"\n\"b\" = \"numpy.abs\"\n\"c.f\" = \"numpy.sort(x)\"\n",
    );
    let text = fails(&["inspect", &beside("custom/model.pkl"), "--config", &config], 2);
    for part in ["a.Net = \"torch.nn.Linear\": neither", "b is no import path", "numpy.sort(x)"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let config = folder.write("pythia.toml", "[clases]\n");
    let text = fails(&["inspect", &beside("custom/model.pkl"), "--config", &config], 2);
    assert!(text.contains("unknown field `clases`"), "{text}");
}

#[test]
fn a_model_of_a_newer_version_is_read_with_a_warning() {
    let folder = Folder::new();
    let mut bytes = fs::read(example("air_time.pkl")).unwrap();
    while let Some(at) = bytes.windows(5).position(|it| it == b"1.9.1") {
        bytes[at..at + 5].copy_from_slice(b"1.42.");
    }
    let model = folder.text("model.pkl");
    fs::write(&model, bytes).unwrap();
    let (data, expected) = (example("data.csv"), example("expected.csv"));
    let run = pythia(&["verify", &model, &data, &expected, "-c", "air_minutes"]);
    assert!(run.status.success(), "{run:?}");
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(said.starts_with("warning: the model was saved by scikit-learn 1.42; "), "{said}");
    assert!(stdout(&pythia(&["inspect", &model])).contains("Warning: the model was saved by"));
    let quiet = pythia(&["predict", &model, &data, "-o", &folder.text("out.csv"), "-q"]);
    assert_eq!((quiet.status.code(), quiet.stderr), (Some(0), vec![]));
}

#[test]
fn a_column_with_blanks_is_found_by_the_name_that_lightgbm_kept() {
    let case = beside("../../estimators/src/lightgbm/booster.golden/categories_of_a_frame-4.7.0");
    let read = |name: &str| fs::read_to_string(format!("{case}/{name}")).unwrap();
    let folder = Folder::new();
    let rows = read("rows.csv").replacen("bill_length_mm", "bill length mm", 1);
    let (data, out) = (folder.write("data.csv", &rows), folder.text("out.csv"));
    let model = format!("{case}/model.txt");
    let run = pythia(&["predict", &model, &data, "-o", &out, "-c", "mass"]);
    assert!(run.status.success(), "{run:?}");
    let want = folder.write("want.csv", &read("want.csv"));
    assert_eq!(column(out.as_ref(), "mass"), column(want.as_ref(), "predict"));
    let data = folder.write("other.csv", &rows.replacen("bill length", "bill_depth", 1));
    let text = fails(&["predict", &model, &data, "-o", &out], 5);
    assert!(text.contains("Missing required feature columns: bill_length_mm"), "{text}");
}

/// 300 rows of 2^20 columns are 2.5 GB when written out.
#[cfg(target_os = "linux")]
#[test]
fn wide_sparse_rows_are_never_written_out_together() {
    let folder = Folder::new();
    let lines = |name: &str| fs::read_to_string(beside(name)).unwrap();
    let repeated = |table: String| {
        let (header, rows) = table.split_once('\n').unwrap();
        format!("{header}\n{}", rows.repeat(15))
    };
    let data = folder.write("data.csv", &repeated(lines("wide/data.csv")));
    let expected = folder.write("expected.csv", &repeated(lines("wide/expected.csv")));
    let bounded = format!("ulimit -v {}; exec \"$0\" \"$@\"", 1 << 20);
    let run = Command::new("sh")
        .args(["-c", &bounded, env!("CARGO_BIN_EXE_pythia"), "verify", &beside("wide/model.pkl")])
        .args([&data, &expected, "-m", "predict_proba", "-c", "p", "-f", "line", "-j", "2"])
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
}

/// 4,000 rows of 50,000 columns are 800 MB of text.
#[cfg(target_os = "linux")]
#[test]
fn many_columns_are_written_in_bounded_memory() {
    let folder = Folder::new();
    let data = folder.write("data.csv", &format!("line\n{}", "now is better\n".repeat(4000)));
    let bounded = format!("ulimit -v {}; exec \"$0\" \"$@\" | wc -l", 500 << 10);
    let run = Command::new("sh")
        .args(["-c", &bounded, env!("CARGO_BIN_EXE_pythia"), "predict"])
        .args([&beside("wide/vectorizer.pkl"), &data, "-o", "-", "-j", "2", "-f", "line"])
        .output()
        .unwrap();
    assert_eq!(stdout(&run).trim(), "4001", "{run:?}");
}
