//! One database, many sessions; bounds that hold.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, Instant};

use sql::{Affinity, Column, Database, Draft, Kind, Limits, Table, Value};

fn counts(n_rows: i64) -> Draft {
    let mut draft = Draft::new(Limits::default()).unwrap();
    let columns = [Column::new("zip", Affinity::Integer), Column::new("n", Affinity::Integer)];
    let mut rows = draft.table(&Table::new("counts", columns)).unwrap();
    (0..n_rows).for_each(|it| rows.add(&[Value::Integer(it), Value::Integer(it * 2)]).unwrap());
    drop(rows);
    draft.temporary(&Table::new("input", [Column::new("zip", Affinity::Text)])).unwrap();
    draft
}

const JOIN: &str = "SELECT n FROM input LEFT JOIN counts USING (zip) ORDER BY input.rowid";

fn joined(database: &Database, zips: &[&str]) -> Vec<Option<i64>> {
    let mut session = database.session().unwrap();
    session.fill(0, zips.len(), None, &|row, _| Value::Text(zips[row])).unwrap();
    let mut found = Vec::new();
    let mut add = |_, value: Value<'_>| {
        found.push(if let Value::Integer(it) = value { Some(it) } else { None });
    };
    session.query(JOIN, None, &mut add).unwrap();
    found
}

#[test]
fn sessions_share_tables_and_nothing_else() {
    let mut draft = counts(1000);
    draft.check(JOIN).unwrap();
    let database = draft.finish().unwrap();
    assert!((4096..200_000).contains(&database.bytes()), "{}", database.bytes());
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let database = &database;
            scope.spawn(move || {
                for at in 0..200 {
                    let zip = (thread * 200 + at) % 1000;
                    let text = zip.to_string();
                    assert_eq!(
                        joined(database, &[&text, "x", "007"]),
                        [Some(zip * 2), None, Some(14)]
                    );
                }
            });
        }
    });
}

#[test]
fn what_is_joined_is_looked_up_and_not_searched() {
    let mut draft = counts(200_000);
    draft.check(JOIN).unwrap();
    let database = draft.finish().unwrap();
    let mut session = database.session().unwrap();
    let started = Instant::now();
    for at in 0..200 {
        let zip = (at * 991).to_string();
        session.fill(0, 1, None, &|_, _| Value::Text(&zip)).unwrap();
        session
            .query(JOIN, None, &mut |_, value| assert_eq!(value, Value::Integer(at * 1982)))
            .unwrap();
    }
    // An index made for each statement would take 200 times some 50 ms.
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
}

#[test]
fn tables_take_no_more_than_they_may() {
    let limits = Limits { table_bytes: 1 << 20, ..Limits::default() };
    let mut draft = Draft::new(limits).unwrap();
    let mut rows = draft.table(&Table::new("t", [Column::new("a", Affinity::Text)])).unwrap();
    let text = "x".repeat(10_000);
    let err = (0..1000).find_map(|_| rows.add(&[Value::Text(&text)]).err()).unwrap();
    assert_eq!(
        (err.kind(), err.to_string().as_str()),
        (Kind::TooMuch, "the tables take more memory than is allowed")
    );
}

#[test]
fn names_cannot_be_statements() {
    let name = "a\"; DROP TABLE counts; --";
    let mut draft = counts(1);
    draft
        .table(&Table::new(name, [Column::new(name, Affinity::None)]))
        .unwrap()
        .add(&[Value::Integer(3)])
        .unwrap();
    let sql = "SELECT \"a\"\"; DROP TABLE counts; --\" FROM \"a\"\"; DROP TABLE counts; --\"";
    assert_eq!(draft.check(sql).unwrap().columns, [name]);
    draft.check("SELECT * FROM counts").unwrap();
    for (table, expected) in [
        (
            Table::new("sqlite_x", [Column::new("a", Affinity::None)]),
            "\"sqlite_x\" cannot be a table's name",
        ),
        (Table::new("COUNTS", [Column::new("a", Affinity::None)]), "there are two tables COUNTS"),
        (Table::new("t", []), "table t has 0 columns; a table has 1 to 2000"),
        (
            Table::new("t", [Column::new("a", Affinity::None), Column::new("A", Affinity::None)]),
            "table t has two columns A",
        ),
    ] {
        assert_eq!(draft.table(&table).err().unwrap().to_string(), expected);
    }
}
