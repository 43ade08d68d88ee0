//! What bundles say of requests: everything that is wrong, what is absent, and what is too much.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::time::{Duration, Instant};

use engine::{Category, Context};
use serde_json::{Value, json};

use common::{answer, context, refused, service};

const COUNTED: &str = r#"
[request]
rows = "records"
[request.columns]
a = { type = "integer", optional = true }
b = { type = "integer", optional = true }
[response]
sql = "SELECT count(*) FROM input"
"#;

#[test]
fn more_rows_than_are_taken_are_the_requests_fault() {
    let service = service(COUNTED);
    let started = Instant::now();
    for (n, want) in [
        (1_000_001, "records has 1000001 rows, at most 1000000 are taken"),
        (600_000, "records has 600000 rows that are mostly empty, at most 524288 such are taken"),
    ] {
        let body = Value::Array(vec![json!({}); n]);
        let err = service.answer(&body, &context()).unwrap_err();
        assert_eq!((err.category(), err.to_string().as_str()), (Category::Request, want));
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    let full = Value::Array(vec![json!({"a": 1}); 600_000]);
    assert_eq!(answer(&service, &full), json!(600_000));
}

#[test]
fn filling_a_table_looks_at_the_clock() {
    let service = service(COUNTED);
    let late = Context { deadline: Some(Instant::now()), ..context() };
    let err = service.answer(&json!([{"a": 1}]), &late).unwrap_err();
    assert_eq!(err.category(), Category::Late);
    assert_eq!(err.to_string(), "the table request: filling it takes longer than is allowed");
}

#[test]
fn a_result_that_is_too_large_is_the_requests_fault() {
    let toml = r#"
[request.fields]
n = "integer"
[[steps]]
name = "all"
sql = "WITH RECURSIVE it(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM it JOIN request WHERE i < n) SELECT i FROM it"
[response]
sql = 'SELECT count(*) FROM "all"'
"#;
    let service = service(toml);
    assert_eq!(answer(&service, &json!({"n": 1000})), json!(1000));
    let err = service.answer(&json!({"n": 1_000_001}), &context()).unwrap_err();
    assert_eq!(err.category(), Category::Data);
    let want = "step all: the result has more than 1000000 rows or 67108864 bytes";
    assert_eq!(err.to_string(), want);
}

#[test]
fn everything_wrong_with_a_request_is_told() {
    let toml = r#"
[request]
rows = "records"
unknown = "refuse"
[request.fields]
day = "date"
[request.columns]
rooms = "number"
[response]
sql = "SELECT count(*) FROM input"
"#;
    let service = service(toml);
    let body = json!({"day": "soon", "records": [{"rooms": "x", "romos": 1}, 5, {"rooms": 1}, {}]});
    assert_eq!(
        refused(&service, &body),
        "day is \"soon\", a date such as 2025-10-20 is expected; records[1] is a number, an object is expected; \
         records[0].rooms is \"x\", a number is expected; records[3].rooms is missing; romos is not known"
    );
    assert_eq!(
        refused(&service, &json!({"day": 3, "records": "all"})),
        "records must be a list of objects; day is 3, a date such as 2025-10-20 is expected"
    );
    assert_eq!(refused(&service, &json!(3)), "Payload must be a JSON object or array");
}

#[test]
fn a_column_that_no_row_has_is_told_from_one_that_some_lack() {
    let toml = r#"
[request]
rows = "records"
[request.columns]
a = { type = "integer", absent = 7 }
b = { type = "any", optional = true }
c = { type = "integer", default = 1 }
[response]
sql = """
SELECT json_object('absent', json(absent), 'rows',
  json((SELECT json_group_array(json_array(a, b, c) ORDER BY rowid) FROM input))) FROM request
"""
"#;
    let service = service(toml);
    assert_eq!(
        answer(&service, &json!([{}, {}])),
        json!({"absent": ["a", "b", "c"], "rows": [[7, null, 1], [7, null, 1]]})
    );
    let some = json!([{"a": null, "b": 220_000}, {"b": "x"}, {"a": 2, "b": 1.5, "c": null}]);
    assert_eq!(
        answer(&service, &some),
        json!({"absent": [], "rows": [[null, 220_000, 1], [null, "x", 1], [2, 1.5, 1]]})
    );
    assert_eq!(
        refused(&service, &json!([{"b": []}])),
        "records[0].b is a list, a number, text or truth value is expected"
    );
}

#[test]
fn an_empty_text_of_a_form_is_a_field_that_is_not_there() {
    let toml = r#"
[request.fields]
day = { type = "date", default = "today" }
kind = { type = "text", one_of = ["a", "b"], optional = true }
note = { type = "text", optional = true }
n = "integer"
[response]
sql = "SELECT json_array(day, kind, note, n, json(absent)) FROM request"
"#;
    let service = service(toml);
    let form = json!({"day": "", "kind": "", "note": "", "n": "3"});
    assert_eq!(answer(&service, &form), json!(["2025-10-20", null, "", 3, ["day", "kind"]]));
    assert_eq!(refused(&service, &json!({"n": ""})), "n is \"\", a whole number is expected");
}
