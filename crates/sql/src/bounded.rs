//! Those of SQLite's functions that take as long as the product of two texts' lengths. The clock is not looked at within a
//! function, so that they refuse what would take far longer than a statement may; else they are SQLite's own.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, Result};

use crate::{Error, Limits};

/// A function, how many arguments it has, and the product of the first two's bytes that it takes: some tenths of a
/// second.
const FUNCTIONS: [(&str, i32, u64); 5] = [
    ("instr", 2, 10_000_000_000),
    ("replace", 3, 10_000_000_000),
    ("trim", 2, 100_000_000),
    ("ltrim", 2, 100_000_000),
    ("rtrim", 2, 100_000_000),
];

pub(crate) fn add(connection: &Connection, limits: Limits) -> std::result::Result<(), Error> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    let builtin = Builtin { connection: Arc::default(), limits };
    for (name, n_arguments, most) in FUNCTIONS {
        let builtin = builtin.clone();
        let marks = vec!["?"; n_arguments as usize].join(", ");
        let sql = format!("SELECT {name}({marks})");
        connection.create_scalar_function(name, n_arguments, flags, move |it| {
            let (first, second) = (n_bytes(it.get_raw(0)), n_bytes(it.get_raw(1)));
            if most < first.saturating_mul(second) {
                let text = format!("{name} of texts of {first} and {second} bytes takes too long");
                return Err(rusqlite::Error::UserFunctionError(text.into()));
            }
            builtin.call(&sql, it)
        })?;
    }
    Ok(())
}

fn n_bytes(value: ValueRef<'_>) -> u64 {
    match value {
        ValueRef::Text(it) | ValueRef::Blob(it) => it.len() as u64,
        // A number is no longer, as a text.
        _ => 32,
    }
}

/// A connection of its own, opened when it is needed: on the caller's, the functions are those of this module.
#[derive(Clone)]
struct Builtin {
    connection: Arc<Mutex<Option<Connection>>>,
    limits: Limits,
}

impl Builtin {
    fn call(&self, sql: &str, arguments: &Context<'_>) -> Result<Value> {
        let mut opened = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match opened.take() {
            Some(it) => it,
            None => self.open()?,
        };
        value(opened.insert(connection), sql, arguments).map_err(|err| match err {
            // With its code alone; a text would hide that what it gives is too long.
            rusqlite::Error::SqliteFailure(err, _) => rusqlite::Error::SqliteFailure(err, None),
            err => err,
        })
    }

    fn open(&self) -> Result<Connection> {
        let connection = Connection::open_in_memory()?;
        self.limits
            .set(&connection)
            .map_err(|err| rusqlite::Error::UserFunctionError(err.to_string().into()))?;
        Ok(connection)
    }
}

fn value(connection: &Connection, sql: &str, arguments: &Context<'_>) -> Result<Value> {
    let mut statement = connection.prepare_cached(sql)?;
    for at in 0..arguments.len() {
        statement.raw_bind_parameter(at + 1, ToSqlOutput::Borrowed(arguments.get_raw(at)))?;
    }
    let mut rows = statement.raw_query();
    let Some(row) = rows.next()? else { return Ok(Value::Null) };
    Ok(match row.get_ref(0)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(it) => Value::Integer(it),
        ValueRef::Real(it) => Value::Real(it),
        ValueRef::Blob(it) => Value::Blob(it.to_vec()),
        ValueRef::Text(it) => Value::Text(
            String::from_utf8(it.to_vec())
                .map_err(|_| rusqlite::Error::UserFunctionError("a text is not UTF-8".into()))?,
        ),
    })
}
