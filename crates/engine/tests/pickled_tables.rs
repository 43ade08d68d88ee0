//! Pickled tables of bundles that no table of SQL can be: what they hold, where, and what to do.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::fs;
use std::path::Path;

use serde_json::json;

use common::{answer, folder, open};

const TOML: &str =
    "[tables]\nt = \"NAME\"\n[response]\nsql = \"SELECT json_group_array(n) FROM t\"\n";

/// What is said of a table, behind its place.
fn told(name: &str, content: &[u8]) -> String {
    let folder = folder(&[("pythia.toml", &TOML.replace("NAME", name))]);
    fs::write(folder.path().join(name), content).unwrap();
    let told = open(&folder).unwrap_err().to_string();
    let place = "pythia.toml line 2, column 5: table t: ";
    told.strip_prefix(place).unwrap_or_else(|| unreachable!("{told}")).to_owned()
}

/// What pandas wrote (cli/tests/bundle/make.py).
fn written(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/tests/bundle").join(name)).unwrap()
}

#[test]
fn a_column_that_no_table_can_have_is_named() {
    let cases = [
        (
            "zoned.pkl",
            "Failed to load data: $ is a pandas DataFrame that cannot be read: column \"seen\" holds times with a time zone; make them \
             text before they are pickled: .astype(str)",
        ),
        (
            "periods.pkl",
            "Failed to load data: $ is a pandas DataFrame that cannot be read: column \"month\" holds periods, which are not \
             supported; make them text before they are pickled: .astype(str)",
        ),
        (
            "times.pkl",
            "Failed to load data: $[\"seen\"] holds datetime64[us]; texts, numbers or truth values are expected: ",
        ),
        ("large.pkl", "Failed to load data: $[\"n\"] holds an integer beyond 2^63-1 in row 1; "),
    ];
    for (name, want) in cases {
        let told = told(name, &written(name));
        assert!(told.starts_with(want), "{name}: {told}");
    }
}

#[test]
fn integers_without_a_sign_are_read_where_they_fit() {
    let folder = folder(&[("pythia.toml", &TOML.replace("NAME", "small.pkl"))]);
    fs::write(folder.path().join("small.pkl"), written("small.pkl")).unwrap();
    let service = open(&folder).unwrap();
    assert_eq!(answer(&service, &json!({})), json!([1, i64::MAX]));
}

#[test]
fn a_column_that_is_not_taken_may_hold_anything() {
    let taken = TOML.replace("\"NAME\"", "{ file = \"times.pkl\", columns = [\"n\"] }");
    let folder = folder(&[("pythia.toml", &taken)]);
    fs::write(folder.path().join("times.pkl"), written("times.pkl")).unwrap();
    let service = open(&folder).unwrap();
    assert_eq!(answer(&service, &json!({})), json!([1, 2]));
}

#[test]
fn the_levels_of_a_frames_index_are_columns() {
    let toml = "[tables]\nt = \"levels.pkl\"\n[response]\nsql = \"SELECT json_group_array(json_array(island, year, n)) FROM t\"\n";
    let folder = folder(&[("pythia.toml", toml)]);
    fs::write(folder.path().join("levels.pkl"), written("levels.pkl")).unwrap();
    let service = open(&folder).unwrap();
    assert_eq!(answer(&service, &json!({})), json!([["Biscoe", 2007, 7], ["Dream", 2008, 9]]));
}

#[test]
fn a_dict_that_is_no_table_is_told_by_its_entry() {
    let of = |pickle: &str| told("t.pkl", pickle.as_bytes());
    let nested = of("(dVa\n(dVb\nI1\nss.");
    assert_eq!(
        nested,
        "Failed to load data: $[\"a\"] is dict, expected a text, a number or a truth value"
    );
    let large = of("(dVa\nL100000000000000000000L\ns.");
    assert!(
        large.starts_with("Failed to load data: $[\"a\"] is an integer beyond 64 bits; "),
        "{large}"
    );
    assert!(of("(d.").starts_with("Failed to load data: $ has no keys"), "{}", of("(d."));
}

#[test]
fn a_key_that_is_a_number_and_a_text_is_refused() {
    let told = told("t.pkl", b"(dI1\nI2\nsV1\nI3\ns.");
    assert!(told.starts_with("it has the key 1 as a text and as a number, "), "{told}");
}

#[test]
fn a_file_that_is_no_table_by_its_name_is_told_which_are() {
    for name in ["t.tsv", "t.json", "t.txt.gz", "t"] {
        let told = told(name, b"a\tb\n1\t2\n");
        assert!(
            told.starts_with("it is no pickle, and by its name no table: .csv, .jsonl, "),
            "{name}: {told}"
        );
    }
    let broken = told("t.pkl", b"a\tb\n1\t2\n");
    assert!(broken.contains("pickle.dump"), "{broken}");
}
