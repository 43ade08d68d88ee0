//! What one thread at a time asks of a database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use crate::authorizer::Guard;
use crate::database::Shape;
use crate::{Error, Kind, Limits, Value, bounded, functions};

/// The clock is looked at after so many of SQLite's operations, some tenths of a millisecond.
const OPERATIONS: i32 = 10_000;

/// The clock is looked at after so many rows that are filled in.
const ROWS: usize = 4096;

/// A connection with temporary tables of its own.
#[derive(Debug)]
pub struct Session {
    connection: Connection,
    guard: Guard,
    fills: Vec<Fill>,
    limits: Limits,
    started: Instant,
    /// Nanoseconds after `started` at which the statement at work is given up.
    end: Arc<AtomicU64>,
}

#[derive(Debug)]
struct Fill {
    insert: String,
    delete: String,
    width: usize,
    is_empty: bool,
}

impl Session {
    pub(crate) fn open(shape: &Shape, statements: &[String]) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&shape.name, flags)?;
        shape.limits.set(&connection)?;
        functions::add(&connection)?;
        bounded::add(&connection, shape.limits)?;
        connection.execute_batch(
            "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA temp.journal_mode = OFF; \
             PRAGMA temp.synchronous = OFF",
        )?;
        connection
            .set_prepared_statement_cache_capacity(statements.len() + 2 * shape.temporaries.len());
        let (started, end) = (Instant::now(), Arc::new(AtomicU64::new(u64::MAX)));
        let clock = Arc::clone(&end);
        let is_late =
            move || u128::from(clock.load(Ordering::Relaxed)) < started.elapsed().as_nanos();
        connection.progress_handler(OPERATIONS, Some(is_late))?;
        let guard = Guard::default();
        let own = guard.clone();
        connection.authorizer(Some(move |it: rusqlite::hooks::AuthContext<'_>| own.decide(&it)))?;
        let mut fills = Vec::new();
        for table in &shape.temporaries {
            guard.open(|| connection.execute_batch(&table.create("TEMP ")))?;
            let (insert, delete) = (table.insert("temp"), table.delete("temp"));
            fills.push(Fill { insert, delete, width: table.columns.len(), is_empty: true });
        }
        for fill in &fills {
            guard.open(|| -> Result<(), Error> {
                connection.prepare_cached(&fill.insert)?;
                connection.prepare_cached(&fill.delete)?;
                // The statements were checked against the same tables.
                statements.iter().try_for_each(|it| Ok(connection.prepare_cached(it).map(drop)?))
            })?;
        }
        Ok(Self { connection, guard, fills, limits: shape.limits, started, end })
    }

    /// Fills the temporary table of this number: `value` gives the value of a row and a column. It is given up at
    /// `deadline`.
    ///
    /// # Errors
    /// There is no such table; no room; it takes too long.
    pub fn fill<'a>(
        &mut self,
        table: usize,
        n_rows: usize,
        deadline: Option<Instant>,
        value: &dyn Fn(usize, usize) -> Value<'a>,
    ) -> Result<(), Error> {
        let missing = || Error::new(Kind::Wrong, format!("there is no temporary table {table}"));
        let fill = self.fills.get_mut(table).ok_or_else(missing)?;
        self.end.store(u64::MAX, Ordering::Relaxed);
        if !fill.is_empty {
            self.connection.prepare_cached(&fill.delete)?.raw_execute()?;
        }
        fill.is_empty = n_rows == 0;
        let mut insert = self.connection.prepare_cached(&fill.insert)?;
        for row in 0..n_rows {
            if row % ROWS == 0 && deadline.is_some_and(|it| it <= Instant::now()) {
                return Err(Error::new(Kind::Late, "filling it takes longer than is allowed"));
            }
            for column in 0..fill.width {
                insert.raw_bind_parameter(column + 1, value(row, column))?;
            }
            insert.raw_execute()?;
        }
        Ok(())
    }

    /// Runs a statement that was checked: `each` is given every value of every row, with its column. The number of
    /// rows. It is given up at `deadline`, if that is sooner than the time that statements are allowed.
    ///
    /// # Errors
    /// It takes too long or gives too much; a function is given what it does not take.
    pub fn query(
        &mut self,
        sql: &str,
        deadline: Option<Instant>,
        each: &mut dyn FnMut(usize, Value<'_>),
    ) -> Result<usize, Error> {
        let left = deadline.map(|it| it.saturating_duration_since(Instant::now()));
        let allowed = left.map_or(self.limits.time, |it| it.min(self.limits.time));
        if allowed == Duration::ZERO {
            return Err(Error::late());
        }
        let end = (self.started.elapsed() + allowed).as_nanos();
        self.end.store(u64::try_from(end).unwrap_or(u64::MAX), Ordering::Relaxed);
        let mut statement = self.connection.prepare_cached(sql)?;
        let width = statement.column_count();
        let (mut n_rows, mut n_bytes) = (0, 0);
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            n_rows += 1;
            for column in 0..width {
                let value = value(row.get_ref(column)?)?;
                n_bytes +=
                    if let Value::Text(it) = value { it.len() } else { 0 } + size_of::<f64>();
                each(column, value);
            }
            if self.limits.rows < n_rows || self.limits.result_bytes < n_bytes {
                let text = format!(
                    "the result has more than {} rows or {} bytes",
                    self.limits.rows, self.limits.result_bytes
                );
                return Err(Error::new(Kind::TooMuch, text));
            }
        }
        Ok(n_rows)
    }

    /// What was refused when a statement that nobody checked was prepared.
    #[must_use]
    pub fn refused(&self) -> Option<String> {
        self.guard.take().1
    }
}

fn value(value: ValueRef<'_>) -> Result<Value<'_>, Error> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(it) => Value::Integer(it),
        ValueRef::Real(it) => Value::Real(it),
        ValueRef::Text(it) => Value::Text(
            std::str::from_utf8(it)
                .map_err(|_| Error::new(Kind::NoValue, "a text is not UTF-8"))?,
        ),
        ValueRef::Blob(_) => {
            return Err(Error::new(
                Kind::NoValue,
                "the result holds bytes; numbers or text are expected",
            ));
        }
    })
}
