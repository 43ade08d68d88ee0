//! How much a statement may take.

use std::time::Duration;

use rusqlite::Connection;
use rusqlite::limits::Limit;

use crate::Error;

/// A table may have so many columns.
pub const MAX_COLUMNS: usize = 2000;

/// Bounds on statements and tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all tables of a database.
    pub table_bytes: u64,
    /// Bytes that all databases of the process may take, tables and statements at work together. The first
    /// database decides; a later one can only lower it.
    pub memory_bytes: u64,
    /// Bytes of one text.
    pub text_bytes: u32,
    /// Rows of a result.
    pub rows: usize,
    /// Bytes of a result.
    pub result_bytes: usize,
    /// How long a statement may run.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            table_bytes: 512 << 20,
            memory_bytes: 1 << 30,
            text_bytes: 16 << 20,
            rows: 1_000_000,
            result_bytes: 64 << 20,
            time: Duration::from_secs(20),
        }
    }
}

/// What is the same for all: far more than services need, far less than what harms.
const FIXED: [(Limit, i32); 8] = [
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
    (Limit::SQLITE_LIMIT_COLUMN, MAX_COLUMNS as i32),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 100),
    (Limit::SQLITE_LIMIT_VDBE_OP, 250_000),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

impl Limits {
    pub(crate) fn set(&self, connection: &Connection) -> Result<(), Error> {
        for (limit, value) in FIXED {
            connection.set_limit(limit, value)?;
        }
        let text_bytes = i32::try_from(self.text_bytes).unwrap_or(i32::MAX);
        connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, text_bytes)?;
        Ok(())
    }
}
