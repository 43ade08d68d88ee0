//! Functions of two texts: SQLite's own, but none that takes the product of two long ones.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, Instant};

use sql::{Affinity, Column, Database, Draft, Kind, Limits, Table, Value};

fn database(sql: &str) -> Database {
    let mut draft = Draft::new(Limits::default()).unwrap();
    let columns = ["t", "p"].map(|it| Column::new(it, Affinity::None));
    draft.temporary(&Table::new("request", columns)).unwrap();
    draft.check(sql).unwrap();
    draft.finish().unwrap()
}

fn answer(sql: &str, t: Value<'_>, p: Value<'_>) -> Result<String, sql::Error> {
    let database = database(sql);
    let mut session = database.session()?;
    session.fill(0, 1, None, &|_, column| if column == 0 { t } else { p })?;
    let mut found = String::new();
    session.query(sql, None, &mut |_, it| found.push_str(&format!("{it:?} ")))?;
    Ok(found)
}

#[test]
fn long_texts_do_not_take_the_product_of_their_lengths() {
    let (t, p) = ("a".repeat(4 << 20), "a".repeat(2 << 20) + "b");
    for call in ["instr(t, p)", "replace(t, p, 'x')"] {
        let started = Instant::now();
        let sql = format!("SELECT {call} FROM request");
        let err = answer(&sql, Value::Text(&t), Value::Text(&p)).unwrap_err();
        let name = call.split_once('(').unwrap().0;
        let want = format!("{name} of texts of 4194304 and 2097153 bytes takes too long");
        assert_eq!((err.kind(), err.to_string()), (Kind::Data, want));
        assert!(started.elapsed() < Duration::from_secs(2), "{call}: {:?}", started.elapsed());
    }
    let set = "b".repeat(1 << 20) + "a";
    for name in ["trim", "ltrim", "rtrim"] {
        let sql = format!("SELECT length({name}(t, p)) FROM request");
        assert!(answer(&sql, Value::Text(&t), Value::Text(&set)).is_err(), "{name}");
    }
    // What is taken is done soon.
    for (call, n, m, want) in [
        ("instr(t, p)", 140_000, 70_000, "Integer(0) "),
        ("length(replace(t, p, 'x'))", 140_000, 70_000, "Integer(140000) "),
        ("length(trim(t, p))", 10_000, 9_990, "Integer(0) "),
        ("t LIKE p || '%'", 140_000, 900, "Integer(0) "),
    ] {
        let (t, p) = ("a".repeat(n), "a".repeat(m) + "b");
        let p = if call.starts_with("length(trim") { "b".repeat(m) + "a" } else { p };
        let started = Instant::now();
        let sql = format!("SELECT {call} FROM request");
        assert_eq!(answer(&sql, Value::Text(&t), Value::Text(&p)).unwrap(), want, "{call}");
        assert!(started.elapsed() < Duration::from_secs(5), "{call}: {:?}", started.elapsed());
    }
}

#[test]
fn what_they_give_is_what_sqlite_gives() {
    let sql = "SELECT instr(t, p), replace(t, p, ','), trim(t, p), ltrim(t, p), rtrim(t, p), replace(t, '', 'x'), \
               instr(x'010203', x'02'), typeof(replace(12, 1, 3)), trim('  a '), replace('aXa', 'X', 'é'), instr('éa', 'a') FROM request";
    for (t, p, want) in [
        (
            Value::Real(1.5),
            Value::Text("."),
            "Integer(2) Text(\"1,5\") Text(\"1.5\") Text(\"1.5\") Text(\"1.5\") Text(\"1.5\") ",
        ),
        (
            Value::Text("aba"),
            Value::Text("a"),
            "Integer(1) Text(\",b,\") Text(\"b\") Text(\"ba\") Text(\"ab\") Text(\"aba\") ",
        ),
        (
            Value::Integer(1001),
            Value::Integer(1),
            "Integer(1) Text(\",00,\") Text(\"00\") Text(\"001\") Text(\"100\") Text(\"1001\") ",
        ),
        (Value::Null, Value::Text("a"), "Null Null Null Null Null Null "),
        (Value::Text("a"), Value::Null, "Null Null Null Null Null Text(\"a\") "),
    ] {
        let want = format!("{want}Integer(2) Text(\"text\") Text(\"a\") Text(\"aéa\") Integer(2) ");
        assert_eq!(answer(sql, t, p).unwrap(), want, "{t:?} {p:?}");
    }
    let grown = "SELECT replace(t, 'a', p) FROM request";
    let text = "a".repeat(10_000);
    let err = answer(grown, Value::Text(&text), Value::Text(&text)).unwrap_err();
    assert_eq!(err.kind(), Kind::TooMuch, "{err}");
    let broken = answer("SELECT replace(CAST(x'ff' AS TEXT), 'a', 'b')", Value::Null, Value::Null);
    assert_eq!(broken.unwrap_err().to_string(), "a text is not UTF-8");
}
