//! JSON Lines in and out; `tests/formats` holds what pandas and pyarrow write, and Python's answers.

use std::fs;
use std::path::PathBuf;

use crate::runs::{Folder, column, example, fails, pythia, stdout};

fn table(name: &str) -> String {
    format!("{}/tests/formats/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn expected(name: &str) -> Vec<String> {
    column(&PathBuf::from(table("expected.csv")), name)
}

#[test]
fn each_line_keeps_its_bytes_and_gets_the_answers() {
    let folder = Folder::new();
    for name in ["flights.jsonl", "loose.jsonl"] {
        let out = folder.text(name);
        let run = pythia(&[
            "predict",
            &example("model.pkl"),
            &table(name),
            "-o",
            &out,
            "-c",
            "arrival",
            "-m",
            "predict_proba",
        ]);
        assert!(run.status.success(), "{run:?}");
        let run =
            pythia(&["predict", &example("model.pkl"), &out, "-o", "-", "--column", "arrival"]);
        // `-` says no format of its own: the output's is the input's.
        assert!(run.status.success(), "{run:?}");
        let (late, punctual) = (expected("arrival_late"), expected("arrival_punctual"));
        let given = fs::read_to_string(table(name)).unwrap();
        let mut want = String::new();
        for (row, (line, label)) in given.split_inclusive('\n').zip(expected("arrival")).enumerate()
        {
            let body = line.trim_end();
            want.push_str(&format!(
                "{},\"arrival_late\":{},\"arrival_punctual\":{},\"arrival\":\"{label}\"}}{}",
                &body[..body.len() - 1],
                late[row],
                punctual[row],
                &line[body.len()..],
            ));
        }
        assert_eq!(stdout(&run), want);
    }
}

#[test]
fn a_key_of_the_outputs_name_is_replaced_in_place() {
    let folder = Folder::new();
    let out = folder.text("out.ndjson.gz");
    let args = ["-m", "predict", "-c", "air_time"];
    let mut all = vec!["predict"];
    let (model, data) = (example("air_time.pkl"), table("flights.jsonl"));
    all.extend([model.as_str(), data.as_str(), "-o", out.as_str()]);
    all.extend(args);
    let run = pythia(&all);
    assert!(run.status.success(), "{run:?}");
    assert!(stdout(&run).contains("air_time\n"), "the first rows are shown: {}", stdout(&run));
    // Read again, the answers are where the numbers were.
    let again = pythia(&["predict", &model, &out, "-o", "-", "-c", "again"]);
    let text = stdout(&again);
    for (line, minutes) in text.lines().zip(expected("air_minutes")) {
        assert!(line.contains(&format!(",\"air_time\":{minutes},\"month\":")), "{line}");
        assert!(line.ends_with(&format!(",\"again\":{minutes}}}")), "{line}");
    }
    assert_eq!(text.lines().count(), 60);
}

#[test]
fn a_bad_line_is_named_and_leaves_nothing_behind() {
    let folder = Folder::new();
    let lines = fs::read_to_string(table("flights.jsonl")).unwrap();
    let model = example("air_time.pkl");
    let broken = |from: &str, to: &str| {
        let at = lines.match_indices('\n').nth(30).unwrap().0;
        let text = format!("{}{}", &lines[..at], lines[at..].replacen(from, to, 1));
        let bad = folder.write("bad.jsonl", &text);
        fails(&["predict", &model, &bad, "-o", &folder.text("out.jsonl")], 5)
    };
    let cases = [
        (
            "\"distance\":",
            "\"distance\":\"far\",\"_\":",
            "line 32, column distance: \"far\" is not a number",
        ),
        (
            "\"distance\":",
            "\"distance\":[1],\"_\":",
            "line 32, column distance: [1] is not a number",
        ),
        ("\"origin\":", "\"origin\":{},\"_\":", "line 32, column origin: {} is not text"),
        ("\"distance\":", "\"distance\":NaN,\"_\":", "JSON has no NaN"),
        ("{", "[{", "line 32: not a JSON object"),
        ("}", "", "line 32: not a JSON object"),
    ];
    for (from, to, want) in cases {
        let text = broken(from, to);
        assert!(text.contains("bad.jsonl") && text.contains(want), "{text} should say {want}");
    }
    assert_eq!(folder.names(), ["bad.jsonl"]);
    let text = fails(&["predict", &model, &table("flights.jsonl"), "-f", "x", "-o", "-"], 5);
    assert_eq!(text, "error: Missing required feature columns: x\n");
    let none = folder.write("none.jsonl", "\n \n");
    let text = fails(&["predict", &model, &none, "-o", "-"], 5);
    assert_eq!(text, "error: Input data is empty\n");
}

#[test]
fn formats_are_known_by_name_or_by_option() {
    let folder = Folder::new();
    let data = folder.path("rows.txt");
    fs::copy(table("flights.jsonl"), &data).unwrap();
    let out = folder.text("out.txt");
    let (model, data) = (example("air_time.pkl"), data.display().to_string());
    let formats = ["--data-format", "jsonl", "--output-format", "jsonl"];
    let mut args = vec!["predict", &model, &data, "-o", &out];
    args.extend(formats);
    assert!(pythia(&args).status.success());
    assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 60);
    let event = serde_json::json!({
        "model_s3_uri": model, "data_s3_uri": data, "output_s3_uri": folder.text("event.txt"),
        "prediction_column_name": "p", "data_format": "jsonl", "output_format": "jsonl",
        "feature_columns": ["carrier"],
    });
    let (text, _) = crate::refused(&folder, &event);
    assert!(text.starts_with("columns are missing: "), "{text}");
    let mut event = event;
    event["data_format"] = "xml".into();
    let (text, _) = crate::refused(&folder, &event);
    assert_eq!(text, "data_format xml is not known; known are csv, jsonl, parquet");
}

/// 200 MB of lines, each of a megabyte, in less memory: only the lines in flight are in memory.
#[cfg(target_os = "linux")]
#[test]
fn json_lines_are_streamed_in_bounded_memory() {
    let folder = Folder::new();
    let lines = fs::read_to_string(table("flights.jsonl")).unwrap();
    let line = lines.lines().next().unwrap();
    let long = line.replacen('{', &format!("{{\"note\":\"{}\",", "x".repeat(1 << 20)), 1);
    let data = folder.write("long.jsonl", &format!("{long}\n").repeat(200));
    let bounded = format!("ulimit -v {}; exec \"$0\" \"$@\" | wc -l", 180 << 10);
    let run = std::process::Command::new("sh")
        .args(["-c", &bounded, env!("CARGO_BIN_EXE_pythia"), "predict"])
        .args([&example("air_time.pkl"), &data, "-o", "-", "-j", "2"])
        // glibc reserves 64 MB of addresses for each thread that finds its heap in use, as chance has it.
        .env("MALLOC_ARENA_MAX", "1")
        .output()
        .unwrap();
    assert_eq!(stdout(&run).trim(), "200", "{run:?}");
}

/// Rows as the parquet crate prints them, one text a row.
fn rows(path: &str) -> Vec<String> {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let reader = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
    reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect()
}

#[test]
fn parquet_keeps_its_columns_and_gets_the_answers() {
    use parquet::file::metadata::RowGroupMetaData;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let folder = Folder::new();
    let out = folder.text("out.parquet");
    let run = pythia(&[
        "predict",
        &example("model.pkl"),
        &table("typed.parquet"),
        "-o",
        &out,
        "-c",
        "arrival",
    ]);
    assert!(run.status.success(), "{run:?}");
    let again = folder.text("again.parquet");
    // `air_time` is there: its column is replaced.
    let run = pythia(&["predict", &example("air_time.pkl"), &out, "-o", &again, "-c", "air_time"]);
    assert!(run.status.success(), "{run:?}");
    let (labels, minutes) = (expected("arrival"), expected("air_minutes"));
    let all = rows(&table("typed.parquet")).into_iter().zip(rows(&out)).zip(rows(&again));
    for (row, ((given, first), second)) in all.enumerate() {
        let given = given.trim_end_matches('}');
        assert_eq!(first, format!("{given}, arrival: \"{}\"}}", labels[row]));
        assert!(second.contains(&format!(", air_time: {}, ", minutes[row])), "{second}");
    }
    let open = |path: &str| SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
    let (given, again) = (open(&table("typed.parquet")), open(&again));
    let sizes = |it: &SerializedFileReader<fs::File>| -> Vec<i64> {
        it.metadata().row_groups().iter().map(RowGroupMetaData::num_rows).collect()
    };
    assert_eq!(sizes(&again), sizes(&given));
    let keys = |it: &SerializedFileReader<fs::File>| -> Vec<String> {
        let all = it.metadata().file_metadata().key_value_metadata().unwrap();
        all.iter().map(|it| it.key.clone()).collect()
    };
    assert_eq!(keys(&again), keys(&given));
    assert_eq!(keys(&again), ["pandas", "origin", "ARROW:schema"]);
}

#[test]
fn parquet_is_read_in_every_compression() {
    let folder = Folder::new();
    for codec in ["none", "snappy", "gzip", "zstd", "lz4"] {
        let out = folder.text("out.parquet");
        let data = table(&format!("features-{codec}.parquet"));
        let run =
            pythia(&["predict", &example("air_time.pkl"), &data, "-o", &out, "-c", "m", "-q"]);
        assert!(run.status.success(), "{codec}: {run:?}");
        for (row, minutes) in rows(&out).iter().zip(expected("air_minutes")) {
            assert!(row.ends_with(&format!(", m: {minutes}}}")), "{codec}: {row}");
        }
    }
}

#[test]
fn a_table_is_written_in_another_format_as_pandas_writes_it() {
    let folder = Folder::new();
    let model = example("model.pkl");
    let cross = |from: &str, to: &str| {
        let out = folder.text(to);
        let run = pythia(&["predict", &model, from, "-o", &out, "-c", "arrival", "-q"]);
        assert!(run.status.success(), "{run:?}");
        out
    };
    // The first rows of the example as CSV, in each format and back.
    let want = fs::read_to_string(table("parquet.want.csv")).unwrap();
    let csv = cross(&table("flights.want.parquet"), "out.csv");
    assert_eq!(fs::read_to_string(csv).unwrap(), want);
    let data = folder.write("data.csv", &want);
    let (lines, parquet) = (cross(&data, "out.jsonl"), cross(&data, "out.parquet"));
    assert_eq!(rows(&parquet), rows(&table("flights.want.parquet")));
    for (name, from) in [("lines.csv", &lines), ("parquet.csv", &parquet)] {
        assert_eq!(fs::read_to_string(cross(from, name)).unwrap(), want, "{name}");
    }
    assert_eq!(rows(&cross(&lines, "lines.parquet")), rows(&parquet));
    let again = cross(&parquet, "again.jsonl");
    assert_eq!(fs::read_to_string(again).unwrap(), fs::read_to_string(&lines).unwrap());
    let first = fs::read_to_string(&lines).unwrap();
    let first: serde_json::Value = serde_json::from_str(first.lines().next().unwrap()).unwrap();
    let line = fs::read_to_string(table("flights.jsonl")).unwrap();
    let line: serde_json::Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
    assert_eq!((&first["flight"], &first["origin"]), (&line["flight"], &line["origin"]));
}

#[test]
fn what_another_format_does_not_have_is_refused_by_name() {
    let folder = Folder::new();
    let (model, out) = (example("air_time.pkl"), folder.text("out.csv"));
    let text = fails(&["predict", &model, &table("typed.parquet"), "-o", &out], 5);
    assert!(
        text.contains("typed.parquet, column date: it holds values of type Timestamp"),
        "{text}"
    );
    let text = fails(&["predict", &model, &table("loose.jsonl"), "-o", &out], 5);
    assert!(text.contains("loose.jsonl line 1, column tags: a list"), "{text}");
    // A column's type is that of its first megabyte.
    let lines = fs::read_to_string(table("flights.jsonl")).unwrap();
    let late = lines.replacen("\"flight\":21,", "\"flight\":\"B6\",", 1);
    let late = folder.write("late.jsonl", &format!("{}{late}", lines.repeat(80)));
    let text = fails(&["predict", &model, &late, "-o", &out], 5);
    let want = "late.jsonl line 4801, column flight: \"B6\" in a column whose first rows are whole numbers";
    assert!(text.contains(want), "{text}");
    let text = fails(&["predict", &model, &late, "-o", &folder.text("out.parquet.gz")], 2);
    assert!(text.contains("Parquet is compressed inside"), "{text}");
    assert_eq!(folder.names(), ["late.jsonl"]);
}

/// Cut off at every seventh byte, every third changed: an error or an answer, never a panic.
#[test]
fn a_hostile_parquet_file_is_an_error() {
    use engine::{Limits, Location, Settings};
    let folder = Folder::new();
    let settings = Settings { limits: Limits::default(), ..Settings::default() };
    let whole = fs::read(table("features-snappy.parquet")).unwrap();
    let path = folder.path("bad.parquet");
    let read = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        engine::preview(&Location::Local(path.clone()), None, 100, &settings.storage)
    };
    assert_eq!(read(&whole).unwrap().rows.len(), 30);
    for end in (0..whole.len()).step_by(7) {
        let error = read(&whole[..end]).unwrap_err().to_string();
        assert!(error.contains("bad.parquet"), "{error}");
    }
    let mut n_refused = 0;
    for at in (0..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        n_refused += usize::from(read(&bytes).is_err());
    }
    assert!(500 < n_refused, "{n_refused}");
}

/// 60 MB of values in one row group, under 200 MB: only some rows of it are in memory.
#[cfg(target_os = "linux")]
#[test]
fn parquet_is_streamed_in_bounded_memory() {
    let folder = Folder::new();
    let model = example("air_time.pkl");
    let lines = fs::read_to_string(table("flights.want.csv")).unwrap();
    let (header, rows) = lines.split_once('\n').unwrap();
    let data = folder.write("data.csv", &format!("{header}\n{}", rows.repeat(500)));
    let parquet = folder.text("data.parquet");
    let bounded = |from: &str, to: &str| {
        let limit = format!("ulimit -v {}; exec \"$0\" \"$@\"", 250 << 10);
        let run = std::process::Command::new("sh")
            .args(["-c", &limit, env!("CARGO_BIN_EXE_pythia"), "predict", &model, from])
            .args(["-o", to, "-j", "2", "-q", "-c", "air_minutes"])
            .output()
            .unwrap();
        assert!(run.status.success(), "{run:?}");
    };
    bounded(&data, &parquet);
    bounded(&parquet, &folder.text("again.parquet"));
    let again = folder.text("again.csv");
    bounded(&folder.text("again.parquet"), &again);
    assert!(fs::read(again).unwrap() == fs::read(data).unwrap(), "it is not as it was");
}
