//! Bundles: what they answer, and everything that is wrong with one, told at once.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use engine::{Category, Context};
use serde_json::{Value, json};

use common::{answer, context, folder, open, refused, service};

fn wrong(toml: &str) -> String {
    open(&folder(&[("pythia.toml", toml)])).unwrap_err().to_string()
}

fn flights(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/flights").join(file)
}

#[test]
fn a_request_is_a_table_of_fields_and_a_table_of_rows() {
    let service = service(
        r#"
name = "sums"
[request]
rows = "items"
[request.fields]
day = { type = "date", default = "today" }
scale = { type = "number", min = 0, max = 10, optional = true }
[request.columns]
code = "text"
n = { type = "integer", default = 1 }
[response]
sql = """
SELECT json_object('day', day, 'name', day_name(day), 'scale', scale, 'id', request_id, 'now', now, 'unknown', json(unknown),
  'items', json((SELECT json_group_array(json_object('code', code, 'n', n, 'x', n / 3.0) ORDER BY input.rowid) FROM input)))
FROM request
"""
"#,
    );
    assert_eq!(service.name(), "sums");
    let body = json!({"items": [{"code": "02139", "n": "7"}, {"code": 5, "extra": 1}], "scale": "2.5", "other": 1});
    assert_eq!(
        answer(&service, &body).to_string(),
        json!({
            "day": "2025-10-20", "name": "Monday", "scale": 2.5, "id": "r-1", "now": "2025-10-20T08:30:00.000Z",
            "unknown": ["other", "extra"],
            "items": [{"code": "02139", "n": 7, "x": 7.0 / 3.0}, {"code": "5", "n": 1, "x": 1.0 / 3.0}],
        })
        .to_string()
    );
    // A second request finds nothing of the first.
    let second = answer(&service, &json!({"items": [{"code": "b"}]}));
    assert_eq!(
        (&second["items"], &second["scale"]),
        (&json!([{"code": "b", "n": 1, "x": 1.0 / 3.0}]), &Value::Null)
    );
    assert_eq!(
        refused(
            &service,
            &json!({"day": "2025-02-29", "scale": 11, "items": [{"n": 1.5}, {"code": [1]}]})
        ),
        "day is \"2025-02-29\", a date such as 2025-10-20 is expected; scale is 11.0, 0 to 10 is expected; \
         items[0].code is missing; items[1].code is a list, a text is expected; items[0].n is 1.5, a whole number is expected"
    );
    let schema = service.request_schema();
    assert_eq!(schema["required"], json!(["items"]));
    assert_eq!(schema["properties"]["items"]["items"]["required"], json!(["code"]));
    answer(&service, &service.example());
}

#[test]
fn models_take_the_columns_of_the_step_before_by_name() {
    let toml = r#"
[request]
rows = "flights"
[request.columns]
carrier = "text"
origin = "text"
hour = "integer"
[tables]
places = { file = "places.csv", types = { code = "text" } }
[[steps]]
name = "features"
sql = "features.sql"
[[steps]]
model = "minutes.pkl"
output = "minutes"
[[steps]]
model = "late.pkl"
output = "arrival"
method = "predict_proba"
"#;
    let sql = "SELECT i.*, p.distance, 6 AS month, NULL AS plane_year, NULL AS seats, 70 AS temp, 50 AS humid,\n\
               5 AS wind_speed, 1013 AS pressure, 10 AS visib, p.code AS dest, NULL AS manufacturer\n\
               FROM input AS i JOIN places AS p USING (origin) ORDER BY i.rowid, p.code";
    let places = "origin,code,distance\nJFK,BOS,187\nJFK,LAX,2475\nLGA,ATL,762\n";
    let folder = folder(&[("pythia.toml", toml), ("features.sql", sql), ("places.csv", places)]);
    fs::copy(flights("air_time.pkl"), folder.path().join("minutes.pkl")).unwrap();
    fs::copy(flights("model.pkl"), folder.path().join("late.pkl")).unwrap();
    let service = open(&folder).unwrap();
    let body = json!({"flights": [
        {"carrier": "UA", "origin": "LGA", "hour": 6},
        {"carrier": "B6", "origin": "JFK", "hour": 18},
        {"carrier": "B6", "origin": "EWR", "hour": 18},
    ]});
    let found = answer(&service, &body);
    assert_eq!(found["count"], 3);
    let rows = found["predictions"].as_array().unwrap();
    assert!(
        rows.iter()
            .all(|it| (it[0].as_f64().unwrap() + it[1].as_f64().unwrap() - 1.0).abs() < 1e-12)
    );
    let none = json!({"flights": [{"carrier": "B6", "origin": "EWR", "hour": 18}]});
    assert_eq!(answer(&service, &none), json!({"predictions": [], "count": 0}));
    assert_eq!(service.models().len(), 2);

    let of_steps = toml.to_owned()
        + "[response]\nsql = \"SELECT json_group_array(json_array(minutes, step_3.arrival_late) ORDER BY step_3.rowid) FROM step_3\"";
    fs::write(folder.path().join("pythia.toml"), of_steps).unwrap();
    assert!(service.refresh().unwrap());
    let with_minutes = answer(&service, &body);
    for (found, row) in with_minutes.as_array().unwrap().iter().zip(rows) {
        assert_eq!(found[1], row[0]);
        assert!(found[0].as_f64().unwrap() > 20.0);
    }
    fs::write(folder.path().join("features.sql"), "SELECT absent_one FROM input").unwrap();
    let err = service.refresh().unwrap_err().to_string();
    assert!(err.starts_with("features.sql line 1, column 8: no such column: absent_one"), "{err}");
    assert_eq!(answer(&service, &body), with_minutes);
}

#[test]
fn a_number_finds_the_text_it_spells_and_a_text_the_number() {
    let toml = r#"
[request]
rows = "records"
[request.columns]
zip = { type = "text", optional = true }
[tables]
counts = { file = "counts.csv" }
[response]
sql = "SELECT json_group_array(coalesce(n, 0) ORDER BY input.rowid) FROM input LEFT JOIN counts USING (zip)"
"#;
    let folder = folder(&[("pythia.toml", toml), ("counts.csv", "zip,n\n10001,7\n2139,5\n")]);
    let service = open(&folder).unwrap();
    let body =
        json!([{"zip": "10001"}, {"zip": 10001}, {"zip": "02139"}, {"zip": null}, {"zip": "x"}]);
    assert_eq!(answer(&service, &body), json!([7, 7, 5, 0, 0]));
}

#[test]
fn everything_wrong_is_told_with_its_place() {
    let toml = "name = 3\n\
        colour = \"red\"\n\
        [request]\n\
        rows = \"records\"\n\
        unknown = \"perhaps\"\n\
        [request.fields]\n\
        a = \"colour\"\n\
        now = \"text\"\n\
        c = { type = \"array\" }\n\
        d = { type = \"integer\", default = \"x\", size = 3 }\n\
        [tables]\n\
        t = \"missing.csv\"\n\
        u = \"../outside.csv\"\n\
        [[steps]]\n\
        sql = \"SELECT absent_one FROM request\"\n\
        [[steps]]\n\
        model = \"missing.pkl\"\n\
        method = \"guess\"\n\
        [[steps]]\n\
        name = \"x\"\n\
        [response]\n\
        sql = '''\n\
        SELECT json(1),\n\
          2 FROM nowhere'''\n";
    let text = wrong(toml);
    let lines: Vec<&str> = text.lines().collect();
    let expected = [
        "pythia.toml line 12",
        "pythia.toml line 13, column 5: table u: \"../outside.csv\" is no file of the bundle",
        "pythia.toml line 15, column 15: no such column: absent_one",
        "pythia.toml line 17, column 9:",
        "pythia.toml line 18, column 10: there is no method guess; methods are predict, ",
        "pythia.toml line 19, column 1: a step has either sql or model",
        "pythia.toml line 1, column 8: name is a number, a text is expected",
        "pythia.toml line 2, column 1: there is no key colour; known are ",
        "pythia.toml line 24, column 8: no such table: nowhere",
        "pythia.toml line 5, column 11: request.unknown is \"ignore\" or \"refuse\"",
        "pythia.toml line 7, column 5: there is no type colour; types are text, ",
        "pythia.toml line 9, column 14: an array says its length = n",
        "pythia.toml line 10, column 35: d.default is \"x\", a whole number is expected",
        "pythia.toml line 10, column 40: there is no key size in request.fields.d; known are ",
        "request.fields.now: the table request has a column of this name",
    ];
    for part in expected {
        assert!(lines.iter().any(|it| it.contains(part)), "{part} is not in\n{text}");
    }
    assert_eq!(lines.len(), expected.len(), "{text}");
}

#[test]
fn a_file_that_is_no_toml_is_told_with_its_place() {
    let text = wrong("name = \n[request\n");
    assert!(text.contains("pythia.toml line 1, column 8: string values must be quoted"), "{text}");
    assert!(text.contains("pythia.toml line 2, column 9: unclosed table"), "{text}");
    assert!(wrong("").contains("there are no [[steps]] and no [response]"));
}

#[test]
fn sql_can_do_nothing_but_select() {
    let only = |what: &str| format!("only SELECT is allowed, this is {what}");
    let cases: [(&str, String); 22] = [
        ("ATTACH '/tmp/x' AS y", only("ATTACH")),
        ("PRAGMA table_list", only("PRAGMA table_list")),
        ("SELECT load_extension('x')", "no such function: load_extension".to_owned()),
        ("SELECT * FROM pragma_table_list", "pragma_table_list may not be read".to_owned()),
        ("SELECT writefile('/tmp/x', 'y')", "no such function: writefile".to_owned()),
        ("SELECT readfile('/etc/passwd')", "no such function: readfile".to_owned()),
        ("INSERT INTO request VALUES (1)", String::new()),
        ("DELETE FROM request", only("DELETE")),
        ("UPDATE request SET now = 1", only("UPDATE")),
        ("DROP TABLE request", String::new()),
        ("CREATE TABLE t (a)", String::new()),
        ("CREATE VIRTUAL TABLE t USING fts5(a)", String::new()),
        ("VACUUM INTO '/tmp/x'", String::new()),
        ("BEGIN", String::new()),
        ("SELECT 1; SELECT 2", "there are several statements, one SELECT is expected".to_owned()),
        ("EXPLAIN SELECT 1", "only SELECT is allowed".to_owned()),
        ("SELECT name FROM sqlite_schema", "sqlite_master may not be read".to_owned()),
        (
            "SELECT random()",
            "random() gives another answer each time, which no service should".to_owned(),
        ),
        (
            "SELECT ?",
            "there are parameters; the request's fields are columns of the table request"
                .to_owned(),
        ),
        ("", String::new()),
        ("SELECT \"nope\" FROM request", "no such column: \"nope\"".to_owned()),
        ("SELECT", "incomplete input".to_owned()),
    ];
    for (sql, expected) in cases {
        let toml = format!("[response]\nsql = {}", json!(sql));
        let text = wrong(&toml);
        assert!(text.contains(&expected), "{sql}: {text}");
        assert!(text.starts_with("pythia.toml line 2, column"), "{sql}: {text}");
    }
    let deep = format!("[response]\nsql = \"SELECT {}1{}\"", "(1+".repeat(300), ")".repeat(300));
    assert!(wrong(&deep).contains("Expression tree is too large"), "{}", wrong(&deep));
    let nested =
        format!("[response]\nsql = \"SELECT {}1{}\"", "(".repeat(100_000), ")".repeat(100_000));
    assert!(
        wrong(&nested).contains("line 2"),
        "{}",
        wrong(&nested).chars().take(200).collect::<String>()
    );
}

#[test]
fn statements_that_never_end_are_given_up() {
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT";
    let timed = service(&format!("[response]\nsql = \"{endless} count(*) FROM n\""));
    let started = Instant::now();
    let context =
        Context { deadline: Some(Instant::now() + Duration::from_millis(200)), ..context() };
    let err = timed.answer(&json!({}), &context).unwrap_err();
    assert_eq!(err.to_string(), "the response: the statement takes longer than is allowed");
    assert_eq!(err.category(), Category::Late);
    let stepped = service(&format!(
        "[[steps]]\nname = \"all\"\nsql = \"{endless} count(*) AS n FROM n\"\n[response]\nsql = \"SELECT n FROM \\\"all\\\"\""
    ));
    let soon =
        Context { deadline: Some(Instant::now() + Duration::from_millis(100)), ..context.clone() };
    let err = stepped.answer(&json!({}), &soon).unwrap_err();
    assert_eq!(err.to_string(), "step all: the statement takes longer than is allowed");
    assert!(started.elapsed() < Duration::from_secs(5));

    for (sql, expected) in [
        (format!("{endless} i FROM n"), "the response: the result has more than 1000000 rows"),
        ("SELECT printf('%.*c', 1000000000, 'x')".to_owned(), "a text is longer than is allowed"),
        ("SELECT zeroblob(1000000000)".to_owned(), "a text is longer than is allowed"),
        ("SELECT x'ff'".to_owned(), "the result holds bytes"),
        ("SELECT CAST(x'ff' AS TEXT)".to_owned(), "a text is not UTF-8"),
        ("SELECT 'no json'".to_owned(), "the response is no JSON"),
        ("SELECT 1 WHERE 0".to_owned(), "the response is one JSON value, there is none"),
        (
            "SELECT '1' UNION ALL SELECT '2'".to_owned(),
            "the response is one JSON value, there are 2",
        ),
    ] {
        let service = service(&format!("[response]\nsql = {}", json!(sql)));
        let err = service.answer(&json!({}), &context_soon()).unwrap_err().to_string();
        assert!(err.contains(expected), "{sql}: {err}");
    }
    // A text that may not grow further is not the end of what makes it.
    let texts = service(&format!("[response]\nsql = \"{endless} group_concat(i) FROM n\""));
    let soon =
        Context { deadline: Some(Instant::now() + Duration::from_millis(300)), ..context.clone() };
    assert!(texts.answer(&json!({}), &soon).is_err());
    let infinite = service("[response]\nsql = \"SELECT json_array(1e999, -1e999, 0.1)\"");
    assert_eq!(answer(&infinite, &json!({})), json!([null, null, 0.1]));
}

fn context_soon() -> Context {
    Context { deadline: Some(Instant::now() + Duration::from_secs(20)), ..context() }
}

#[test]
fn a_table_of_a_million_columns_is_refused() {
    let names: Vec<String> = (0..1_000_000).map(|it| format!("c{it}")).collect();
    let csv = format!("{}\n", names.join(","));
    let toml = "[tables]\nt = \"t.csv\"\n[response]\nsql = \"SELECT count(*) FROM t\"\n";
    let text = open(&folder(&[("pythia.toml", toml), ("t.csv", &csv)])).unwrap_err().to_string();
    assert!(text.contains("table t: it has 1000000 columns"), "{text}");
    let names: Vec<&str> = names.iter().take(3000).map(String::as_str).collect();
    let csv = format!("{}\n", names.join(","));
    let text = open(&folder(&[("pythia.toml", toml), ("t.csv", &csv)])).unwrap_err().to_string();
    assert!(text.contains("it has 3000 columns, a table has at most 2000: choose some"), "{text}");
    let some = toml.replace(
        "\"t.csv\"",
        "{ file = \"t.csv\", columns = [\"c7\", \"c5\"], names = [\"a\", \"b\"] }",
    );
    let service = open(&folder(&[("pythia.toml", &some), ("t.csv", &csv)])).unwrap();
    assert_eq!(answer(&service, &json!({})), json!(0));
}

#[test]
fn numbers_go_through_sql_to_the_bit() {
    let service = service(
        "[request.fields]\nx = \"number\"\n[response]\nsql = \"SELECT json_array(x) FROM request\"",
    );
    let mut bits: u64 = 0x9e37_79b9_7f4a_7c15;
    for _ in 0..20_000 {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        let x = f64::from_bits(bits);
        if x.is_finite() {
            assert_eq!(
                answer(&service, &json!({"x": x}))[0].as_f64().map(f64::to_bits),
                Some(x.to_bits()),
                "{x:?}"
            );
        }
    }
}
