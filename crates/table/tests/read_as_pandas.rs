//! Every table in `tests/pandas` is read as pandas reads it: names, numbers to the bit, text, what
//! is missing, and which tables are refused. `tests/pandas/make.py` wrote what pandas made of them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod reading;

use std::fs;
use std::path::{Path, PathBuf};

use reading::{as_numbers, as_text, delimiter_of, header_names};
use serde_json::Value;
use table::ErrorKind;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pandas")
}

#[test]
fn every_case_is_read_as_pandas_reads_it() {
    let mut n_cases = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "csv") {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let want = serde_json::from_str(&fs::read_to_string(path.with_extension("json")).unwrap());
        check(&name, &fs::read(&path).unwrap(), &want.unwrap());
        n_cases += 1;
    }
    assert!(n_cases > 70, "only {n_cases} cases were found");
}

#[test]
fn random_tables_are_read_as_pandas_reads_them() {
    let lines = fs::read_to_string(folder().join("random.jsonl")).unwrap();
    for (number, line) in lines.lines().enumerate() {
        let want: Value = serde_json::from_str(line).unwrap();
        check(&format!("random {number}"), want["table"].as_str().unwrap().as_bytes(), &want);
    }
}

fn check(name: &str, file: &[u8], want: &Value) {
    if let Some(error) = want["error"].as_str() {
        return check_refused(name, file, error);
    }
    let delimiter = delimiter_of(name);
    let names: Vec<&str> =
        want["names"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(header_names(file, delimiter), names, "{name}");
    for (column, want) in want["columns"].as_array().unwrap().iter().enumerate() {
        let what = format!("{name}, column {column}: {want}");
        let text: Vec<Option<String>> = serde_json::from_value(want["text"].clone()).unwrap();
        let read = as_text(file, delimiter, column);
        assert_eq!(read.unwrap_or_else(|error| panic!("{what}: {error}")), text, "{what}");
        check_numbers(&what, file, delimiter, column, want);
    }
}

fn check_numbers(what: &str, file: &[u8], delimiter: u8, column: usize, want: &Value) {
    let read = as_numbers(file, delimiter, column);
    let n_rows = want["text"].as_array().unwrap().len();
    let Some(numbers) = want["numbers"].as_array() else {
        // pandas has no integers beyond 64 bits and keeps them as text; a model of numbers takes
        // them as doubles from it (numpy reads the text), as from here.
        let text = want["text"][0].as_str().unwrap_or_default();
        let huge = text.len() >= 19 && text.bytes().all(|byte| byte.is_ascii_digit());
        match read {
            Ok((_, forms)) => assert!(n_rows == 0 || forms.is_mixed() || huge, "{what}"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::NotANumber, "{what}"),
        }
        return;
    };
    let (values, forms) = read.unwrap_or_else(|error| panic!("{what}: {error}"));
    let bits: Vec<Option<u64>> = numbers
        .iter()
        .map(|bits| bits.as_str().map(|bits| u64::from_str_radix(bits, 16).unwrap()))
        .collect();
    let is_integer = want["text"].as_array().unwrap().iter().all(|text| {
        text.as_str().is_some_and(|text| text.trim().trim_start_matches('-').parse::<u64>().is_ok())
    });
    for (row, (value, bits)) in values.iter().zip(&bits).enumerate() {
        let value = Some(value.to_bits()).filter(|_| !value.is_nan());
        // An integer column of pandas has no -0; whether one is, only its last row tells.
        let minus_zero = is_integer && value == Some((-0.0_f64).to_bits()) && *bits == Some(0);
        assert!(value == *bits || minus_zero, "{what}, row {row}: {value:x?}, expected {bits:x?}");
    }
    assert_eq!(values.len(), bits.len(), "{what}");
    let has_values = bits.iter().any(Option::is_some);
    assert_eq!(forms.booleans, want["kind"] == "boolean", "{what}");
    assert_eq!(forms.numbers, want["kind"] == "number" && has_values, "{what}");
}

fn check_refused(name: &str, file: &[u8], want: &str) {
    let error = match as_text(file, delimiter_of(name), 0) {
        Err(error) => error,
        // pandas checks the text of every column, here it is checked where it is wanted.
        Ok(_) if want.starts_with("UnicodeDecodeError") => {
            as_text(file, delimiter_of(name), 1).unwrap_err()
        }
        Ok(rows) => panic!("{name}: read as {rows:?}, expected {want}"),
    };
    let kind = error.kind();
    if want == "index" {
        assert!(matches!(kind, ErrorKind::RowTooLong { .. }), "{name}: {error}");
        assert!(error.message().contains("as the index"), "{name}: {error}");
    } else if want.starts_with("EmptyDataError") {
        assert_eq!(kind, ErrorKind::Empty, "{name}: {error}");
    } else if want.starts_with("UnicodeDecodeError") {
        assert!(matches!(kind, ErrorKind::NotText | ErrorKind::Header), "{name}: {error}");
    } else if want.contains("EOF inside string") {
        // The same table may have a row that is too long, or an index, before that quote.
        assert!(
            matches!(kind, ErrorKind::UnclosedQuote | ErrorKind::RowTooLong { .. }),
            "{name}: {error}"
        );
    } else {
        check_too_long(name, file, want, &error);
    }
}

fn check_too_long(name: &str, file: &[u8], want: &str, error: &table::Error) {
    let numbers: Vec<u64> = want
        .split(|character: char| !character.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    let [expected, line, found] = numbers[..] else { panic!("{name}: {want}") };
    let ErrorKind::RowTooLong { found: our_found, expected: our_expected } = error.kind() else {
        panic!("{name}: {error}, expected {want}")
    };
    if error.message().contains("as the index") {
        // pandas took an index and then found a row that was longer still.
        return;
    }
    assert_eq!((our_expected as u64, our_found as u64), (expected, found), "{name}: {error}");
    // pandas counts a record with line breaks in quotes as one line, here lines are lines.
    if !file.contains(&b'"') {
        assert_eq!(error.place().line, Some(line), "{name}: {error}");
    }
}
