//! Fields of requests: times as SQLite and Python read them, bounds, and what a form leaves empty.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use serde_json::{Value, json};

use common::{answer, refused, service};

#[test]
fn times_are_taken_that_sqlite_reads_as_python_writes_them() {
    let service = service(
        r#"
[request.fields]
at = "datetime"
[response]
sql = "SELECT json_array(at, strftime('%Y-%m-%d %H:%M:%f', at)) FROM request"
"#,
    );
    for (text, utc) in [
        // datetime.isoformat(), str() of one, with a zone, of pandas, JavaScript's, with a small t.
        ("2020-01-01T05:06:07", "2020-01-01 05:06:07.000"),
        ("2020-01-01T05:06:07.123456", "2020-01-01 05:06:07.123"),
        ("2020-01-01 05:06:07.123456+00:00", "2020-01-01 05:06:07.123"),
        ("2020-01-01T05:06:07+00:00", "2020-01-01 05:06:07.000"),
        ("2020-01-01T05:06:07.123456789-05:30", "2020-01-01 10:36:07.123"),
        ("2020-01-01T05:06:07.120Z", "2020-01-01 05:06:07.120"),
        ("2020-01-01T05:06", "2020-01-01 05:06:00.000"),
        ("2020-01-01 05:06+14:00", "2019-12-31 15:06:00.000"),
        ("2020-01-01t05:06:07z", "2020-01-01 05:06:07.000"),
    ] {
        let given = text.replacen('t', "T", 1);
        assert_eq!(answer(&service, &json!({"at": text})), json!([given, utc]), "{text}");
    }
    for text in [
        "2016-12-31T23:59:60Z",
        "2020-01-01T05:06:07+15:00",
        "2020-01-01T05:06:07-23:59",
        "2020-01-01T05:06.5Z",
        "2020-01-01T24:00",
        "2023-02-29T05:06",
        "2020-01-01  05:06",
        "2020-01-01T05:06 ",
        "2020-01-01T",
        "2020-01-01",
        "2020-01-01T05",
        "2020-01-01T05:06:07+01",
        "x",
        "",
    ] {
        let want = format!("at is {text:?}, a time such as 2025-10-20T08:30:00Z is expected");
        assert_eq!(refused(&service, &json!({"at": text})), want);
    }
}

#[test]
fn bounds_of_times_are_instants_and_not_texts() {
    let service = service(
        r#"
[request.fields]
at = { type = "datetime", min = "2020-01-01T12:00:00Z", max = "2020-01-02t00:00:00+01:00" }
[response]
sql = "SELECT json_quote(at) FROM request"
"#,
    );
    for text in [
        "2020-01-01 12:00:00Z",
        "2020-01-01T12:00:00.5Z",
        "2020-01-01 22:59:59Z",
        "2020-01-01T23:00:00",
        "2020-01-02T05:00:00+06:00",
        "2020-01-01T08:00:00-04:00",
    ] {
        assert_eq!(answer(&service, &json!({"at": text})), json!(text));
    }
    for text in [
        "2020-01-01T13:00:00+05:00",
        "2020-01-01T11:59:59.999Z",
        "2020-01-01T23:00:00.001Z",
        "2020-01-01T22:00:00-02:00",
    ] {
        let want = format!(
            "at is {text:?}, 2020-01-01T12:00:00Z to 2020-01-02T00:00:00+01:00 is expected"
        );
        assert_eq!(refused(&service, &json!({"at": text})), want);
    }
}

#[test]
fn numbers_that_a_bundle_spells_as_texts_are_numbers() {
    let service = service(
        r#"
[request.fields]
n = { type = "integer", min = "3", optional = true }
k = { type = "integer", one_of = ["1", 2], optional = true }
[response]
sql = "SELECT json_array(n, k) FROM request"
"#,
    );
    assert_eq!(answer(&service, &json!({"n": 3, "k": "1"})), json!([3, 1]));
    assert_eq!(refused(&service, &json!({"n": 2})), "n is 2, at least 3 is expected");
    assert_eq!(refused(&service, &json!({"k": 3})), "k is 3, one of 1, 2 is expected");
}

#[test]
fn an_empty_text_of_a_row_is_a_value_that_is_not_there() {
    let service = service(
        r#"
[request]
rows = "records"
[request.columns]
day = { type = "date", optional = true }
n = { type = "number", default = 7 }
kind = { type = "text", optional = true }
m = { type = "integer", absent = 5 }
must = "integer"
[response]
sql = """
SELECT json_object('absent', json(absent), 'rows',
  json((SELECT json_group_array(json_array(day, n, kind, m, must) ORDER BY rowid) FROM input))) FROM request
"""
"#,
    );
    let body = json!([{"day": "", "n": "", "kind": "", "m": "", "must": 1}]);
    assert_eq!(answer(&service, &body), json!({"absent": [], "rows": [[null, 7.0, "", null, 1]]}));
    let column = |name: &str| {
        service.request_schema()["properties"]["records"]["items"]["properties"][name].clone()
    };
    let nothing = json!({"type": "string", "maxLength": 0});
    for name in ["day", "n", "m"] {
        let variants = column(name)["anyOf"].as_array().cloned().unwrap();
        assert!(variants.contains(&nothing), "{name}: {variants:?}");
    }
    assert!(!column("must").to_string().contains("maxLength"));
    assert_eq!(
        refused(&service, &json!([{"must": ""}])),
        "records[0].must is \"\", a whole number is expected"
    );
    assert_eq!(answer(&service, &Value::Array(vec![json!({"must": 1})]))["rows"][0][3], 5);
}

#[test]
fn a_text_that_comes_as_a_number_has_its_digits() {
    let service = service(
        r#"
[request.fields]
zip = "text"
[response]
sql = "SELECT json_quote(zip) FROM request"
"#,
    );
    for (given, want) in [
        ("10001", "10001"),
        ("10001.0", "10001"),
        ("12345678901234567890", "12345678901234567890"),
        ("-7", "-7"),
        ("2.50", "2.5"),
        ("1e300", "1e+300"),
    ] {
        let body = serde_json::from_str(&format!("{{\"zip\": {given}}}")).unwrap();
        assert_eq!(answer(&service, &body), json!(want), "{given}");
    }
}
