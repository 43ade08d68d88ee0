//! A database while it is made: tables are written, statements checked.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::{Connection, OpenFlags, Statement};

use crate::authorizer::Guard;
use crate::database::{Database, Shape};
use crate::value::quoted;
use crate::{Error, Kind, Limits, MAX_COLUMNS, Table, Value, bounded, functions};

/// Tells databases of one process apart.
static COUNT: AtomicU64 = AtomicU64::new(0);

/// SQLite keeps these names for itself.
const RESERVED: &str = "sqlite_";

const PAGE_BYTES: u64 = 4096;

/// Statements of one table's indexes are not made for more than so many keys.
const MOST_INDEXES: usize = 32;

/// A database whose tables are not complete.
#[derive(Debug)]
pub struct Draft {
    connection: Connection,
    guard: Guard,
    shape: Shape,
    tables: Vec<Table>,
    stand_ins: Vec<String>,
    statements: Vec<String>,
}

/// What a statement gives and reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The tables it reads, in lower case.
    pub reads: BTreeSet<String>,
}

impl Draft {
    /// An empty database.
    ///
    /// # Errors
    /// SQLite fails.
    pub fn new(limits: Limits) -> Result<Self, Error> {
        let name = format!("file:/pythia-{}?vfs=memdb", COUNT.fetch_add(1, Ordering::Relaxed));
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&name, flags)?;
        let guard = Guard::default();
        limits.set(&connection)?;
        functions::add(&connection)?;
        bounded::add(&connection, limits)?;
        connection.execute_batch(&format!(
            "PRAGMA hard_heap_limit = {}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; \
             PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA page_size = {PAGE_BYTES}; \
             PRAGMA max_page_count = {};",
            limits.memory_bytes,
            (limits.table_bytes / PAGE_BYTES).max(1)
        ))?;
        let own = guard.clone();
        connection.authorizer(Some(move |it: rusqlite::hooks::AuthContext<'_>| own.decide(&it)))?;
        let shape = Shape { name, limits, temporaries: Vec::new() };
        let (tables, stand_ins, statements) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { connection, guard, shape, tables, stand_ins, statements })
    }

    /// Starts a table, whose rows are then added.
    ///
    /// # Errors
    /// A name that is taken or cannot be used; no columns, too many, or two of one name.
    pub fn table(&mut self, table: &Table) -> Result<Rows<'_>, Error> {
        self.check_table(table)?;
        let Self { connection, guard, tables, .. } = self;
        let statement = guard.open(|| -> Result<_, Error> {
            connection.execute_batch(&table.create(""))?;
            connection.execute_batch("BEGIN")?;
            Ok(connection.prepare(&table.insert("main"))?)
        })?;
        guard.add(&table.name);
        tables.push(table.clone());
        Ok(Rows { statement, connection, guard, width: table.columns.len() })
    }

    /// Adds a table that each session fills for itself. Its number, counted from 0.
    ///
    /// # Errors
    /// As [`table`](Self::table).
    pub fn temporary(&mut self, table: &Table) -> Result<usize, Error> {
        self.check_table(table)?;
        self.guard.open(|| self.connection.execute_batch(&table.create("TEMP ")))?;
        self.guard.add(&table.name);
        self.tables.push(table.clone());
        self.shape.temporaries.push(table.clone());
        Ok(self.shape.temporaries.len() - 1)
    }

    /// Puts a table in the place of one that could not be made, so that the rest of a statement that reads it can be
    /// checked; it takes the place of an earlier one of its name. The database is not to be finished then.
    ///
    /// # Errors
    /// As [`table`](Self::table).
    pub fn stand_in(&mut self, table: &Table) -> Result<(), Error> {
        self.check_table(table)?;
        if self.stand_ins.contains(&table.name) {
            let drop = format!("DROP TABLE temp.{}", quoted(&table.name));
            self.guard.open(|| self.connection.execute_batch(&drop))?;
        }
        self.guard.open(|| self.connection.execute_batch(&table.create("TEMP ")))?;
        self.guard.add(&table.name);
        self.stand_ins.push(table.name.clone());
        Ok(())
    }

    fn check_table(&self, table: &Table) -> Result<(), Error> {
        let wrong = |text: String| Err(Error::new(Kind::Wrong, text));
        let name = &table.name;
        if name.is_empty() || name.to_lowercase().starts_with(RESERVED) {
            return wrong(format!("{name:?} cannot be a table's name"));
        }
        if self.tables.iter().any(|it| it.name.to_lowercase() == name.to_lowercase()) {
            return wrong(format!("there are two tables {name}"));
        }
        let n = table.columns.len();
        if n == 0 || MAX_COLUMNS < n {
            return wrong(format!("table {name} has {n} columns; a table has 1 to {MAX_COLUMNS}"));
        }
        let mut names = BTreeSet::new();
        match table.columns.iter().find(|it| !names.insert(it.name.to_lowercase())) {
            Some(it) => wrong(format!("table {name} has two columns {}", it.name)),
            None => Ok(()),
        }
    }

    /// Makes equal values of these columns be found without a search.
    ///
    /// # Errors
    /// A column that the table does not have.
    pub fn index(&mut self, table: &str, columns: &[&str]) -> Result<(), Error> {
        let name = quoted(&format!("{table} by {}", columns.join(", ")));
        let columns: Vec<String> = columns.iter().map(|it| quoted(it)).collect();
        let sql = format!(
            "CREATE INDEX IF NOT EXISTS main.{name} ON {} ({})",
            quoted(table),
            columns.join(", ")
        );
        Ok(self.guard.open(|| self.connection.execute_batch(&sql))?)
    }

    /// Checks that a statement is one `SELECT` of tables and columns that are there.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn check(&mut self, sql: &str) -> Result<Checked, Error> {
        if let Some(at) = sql.find('\0') {
            // SQLite would leave out what follows.
            return Err(Error::new(Kind::Wrong, "there is a NUL character").at(at));
        }
        self.guard.take();
        let checked = {
            let prepared = self.connection.prepare(sql);
            let (reads, refused) = self.guard.take();
            let statement = match (prepared, refused) {
                (Err(_), Some(text)) => return Err(Error::new(Kind::Wrong, text)),
                (prepared, _) => prepared?,
            };
            if !statement.readonly() || statement.is_explain() != 0 || statement.column_count() == 0
            {
                return Err(Error::new(Kind::Wrong, "only SELECT is allowed"));
            }
            if 0 < statement.parameter_count() {
                let text =
                    "there are parameters; the request's fields are columns of the table request";
                return Err(Error::new(Kind::Wrong, text));
            }
            Checked { columns: statement.column_names().map(str::to_owned).collect(), reads }
        };
        self.index_for(sql, &checked.reads)?;
        self.statements.push(sql.to_owned());
        Ok(checked)
    }

    /// Makes the indexes that SQLite would make anew at each run of a statement.
    fn index_for(&mut self, sql: &str, reads: &BTreeSet<String>) -> Result<(), Error> {
        let plan = {
            let explain = format!("EXPLAIN QUERY PLAN {sql}");
            let rows: rusqlite::Result<Vec<String>> = self.guard.open(|| {
                let mut statement = self.connection.prepare(&explain)?;
                statement.query_map([], |row| row.get(3))?.collect()
            });
            rows?
        };
        let main = self.tables.iter().filter(|it| !self.shape.temporaries.contains(it));
        let read: Vec<Table> =
            main.filter(|it| reads.contains(&it.name.to_lowercase())).cloned().collect();
        for detail in plan.iter().filter(|it| it.contains(" AUTOMATIC ")).take(MOST_INDEXES) {
            let keys = detail.rsplit_once('(').and_then(|(_, it)| it.split_once(')'));
            let keys =
                keys.map_or("", |(it, _)| it).split(" AND ").filter_map(|it| it.strip_suffix("=?"));
            let keys: Vec<&str> = keys.collect();
            // The plan says what the table is called in the statement, not what it is: its columns tell.
            let has = |table: &&Table| {
                keys.iter().all(|key| table.columns.iter().any(|it| it.name == *key))
            };
            for table in read.iter().filter(has).filter(|_| !keys.is_empty()) {
                self.index(&table.name, &keys)?;
            }
        }
        Ok(())
    }

    /// The database, complete.
    ///
    /// # Errors
    /// SQLite fails.
    pub fn finish(self) -> Result<Database, Error> {
        let Self { connection, guard, shape, statements, .. } = self;
        let pages: i64 =
            guard.open(|| connection.query_row("PRAGMA main.page_count", [], |it| it.get(0)))?;
        let bytes = u64::try_from(pages).unwrap_or(0) * PAGE_BYTES;
        Ok(Database { keeper: Mutex::new(connection), shape, statements, bytes })
    }
}

/// A table to which rows are added. It is complete when it is dropped.
pub struct Rows<'a> {
    statement: Statement<'a>,
    connection: &'a Connection,
    guard: &'a Guard,
    width: usize,
}

impl Rows<'_> {
    /// Adds a row.
    ///
    /// # Errors
    /// Another number of values than columns; no room.
    pub fn add(&mut self, row: &[Value<'_>]) -> Result<(), Error> {
        if row.len() != self.width {
            let text = format!("a row has {} values, the table {} columns", row.len(), self.width);
            return Err(Error::new(Kind::Wrong, text));
        }
        for (index, value) in row.iter().enumerate() {
            self.statement.raw_bind_parameter(index + 1, value)?;
        }
        self.statement.raw_execute()?;
        Ok(())
    }
}

impl Drop for Rows<'_> {
    fn drop(&mut self) {
        // What fails here fails again, and is told, when the next table begins.
        let _ = self.guard.open(|| self.connection.execute_batch("COMMIT"));
    }
}
