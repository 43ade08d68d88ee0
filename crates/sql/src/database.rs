//! A complete database, and how sessions are opened on it.

use std::sync::Mutex;

use rusqlite::Connection;

use crate::{Error, Limits, Session, Table};

/// Tables in memory, for any number of sessions; gone when it and they are dropped.
#[derive(Debug)]
pub struct Database {
    /// The tables live as long as one connection does.
    pub(crate) keeper: Mutex<Connection>,
    pub(crate) shape: Shape,
    pub(crate) statements: Vec<String>,
    pub(crate) bytes: u64,
}

/// What sessions are made of.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) name: String,
    pub(crate) limits: Limits,
    pub(crate) temporaries: Vec<Table>,
}

impl Database {
    /// Opens a session, with the statements that were checked prepared.
    ///
    /// # Errors
    /// SQLite fails, for lack of memory.
    pub fn session(&self) -> Result<Session, Error> {
        Session::open(&self.shape, &self.statements)
    }

    /// Bytes that the tables and their indexes take.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        // Held for its life alone.
        let _ = &self.keeper;
        self.bytes
    }
}
