//! Tables of bundles: which columns they have, and cells that a table cannot have.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::fs;

use serde_json::{Value, json};

use common::{answer, folder, open};

/// A bundle of one table, whose rows it answers with.
fn toml(table: &str, row: &str) -> String {
    format!(
        "[tables]\nt = {table}\n[response]\nsql = \"SELECT json_group_array(json_array({row}) ORDER BY rowid) FROM t\"\n"
    )
}

/// What a bundle of a table in this file answers, or what is wrong with it.
fn rows(file: &str, bytes: &[u8], table: &str, row: &str) -> Result<Value, String> {
    let folder = folder(&[("pythia.toml", &toml(table, row))]);
    fs::write(folder.path().join(file), bytes).unwrap();
    let service = open(&folder).map_err(|err| err.to_string())?;
    Ok(answer(&service, &Value::Null))
}

fn refused(file: &str, bytes: &[u8], table: &str) -> String {
    rows(file, bytes, table, "1").unwrap_err()
}

#[test]
fn chosen_columns_are_named_in_the_order_in_which_they_are_chosen() {
    let csv = b"zip,lat,lon\nA,1,2\nB,3,4\n";
    let table = r#"{ file = "t.csv", columns = ["lon", "lat"], names = ["x", "y"] }"#;
    assert_eq!(rows("t.csv", csv, table, "x, y"), Ok(json!([[2, 1], [4, 3]])));
    let table = r#"{ file = "t.jsonl", columns = ["b", "a"], names = ["a", "b"], types = { a = "number" } }"#;
    let lines = b"{\"a\":1,\"c\":[],\"b\":\"2\"}\n{\"b\":\"5\",\"c\":{}}\n";
    assert_eq!(rows("t.jsonl", lines, table, "a, b"), Ok(json!([[2.0, 1], [5.0, null]])));
    let twice = r#"{ file = "t.csv", columns = ["lon", "lon"], names = ["x", "y"] }"#;
    assert_eq!(
        refused("t.csv", csv, twice),
        "pythia.toml line 2, column 14: table t: there are two columns lon"
    );
}

#[test]
fn cells_that_are_not_utf_8_are_refused_and_not_missing() {
    let latin_1 = b"zip,city,n\n1,Bern,2\n2,Z\xfcrich,3\n";
    assert_eq!(
        refused("t.csv", latin_1, "\"t.csv\""),
        "pythia.toml line 2, column 5: table t: Failed to load data: t.csv line 3, column city: it is not UTF-8; write the \
         file as UTF-8, or leave the column out: columns = [\"a\", \"b\"]"
    );
    let without = r#"{ file = "t.csv", columns = ["zip", "n"] }"#;
    assert_eq!(rows("t.csv", latin_1, without, "zip, n"), Ok(json!([[1, 2], [2, 3]])));
}

#[test]
fn lists_and_objects_of_json_lines_are_refused_and_not_missing() {
    let lines = b"{\"k\":\"a\"}\n\n{\"k\":\"b\",\"l\":[1,2]}\n";
    assert_eq!(
        refused("t.jsonl", lines, "\"t.jsonl\""),
        "pythia.toml line 2, column 5: table t: Failed to load data: t.jsonl line 3, column l: it is a list or an object; a \
         table has numbers, texts and truth values: write it as a text, or leave the column out: columns = [\"a\", \"b\"]"
    );
    let without = r#"{ file = "t.jsonl", columns = ["k"] }"#;
    assert_eq!(rows("t.jsonl", lines, without, "k"), Ok(json!([["a"], ["b"]])));
}

#[test]
fn cells_that_are_not_of_the_type_that_is_said_are_refused() {
    let csv = b"a,b\n1,2\n\n2,x\n";
    for (kind, noun) in [("integer", "a whole number"), ("number", "a number")] {
        let table = format!("{{ file = \"t.csv\", types = {{ b = \"{kind}\" }} }}");
        assert_eq!(
            refused("t.csv", csv, &table),
            format!(
                "pythia.toml line 2, column 14: table t: Failed to load data: t.csv line 4, column b: \"x\" is not {noun}, \
                 as types says"
            )
        );
    }
    let halves = refused("t.csv", b"b\n1.5\n", r#"{ file = "t.csv", types = { b = "integer" } }"#);
    assert!(halves.ends_with("line 2, column b: \"1.5\" is not a whole number, as types says"));
    // What pandas writes of whole numbers of which some are missing.
    let table = r#"{ file = "t.csv", types = { a = "integer", b = "number", c = "text" } }"#;
    let csv = b"a,b,c\n1.0,1,007\n,,\nTrue,1e3,NA\n9007199254740993,inf,x\n";
    assert_eq!(
        rows("t.csv", csv, table, "a, b, c, typeof(a)"),
        Ok(json!([
            [1, 1.0, "007", "integer"],
            [null, null, null, "null"],
            [1, 1000.0, null, "integer"],
            [9_007_199_254_740_993_i64, null, "x", "integer"],
        ]))
    );
}
