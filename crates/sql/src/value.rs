//! Values and tables as the caller has them.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};

/// A value on its way in or out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// Missing.
    Null,
    /// A whole number; truth values are 0 and 1.
    Integer(i64),
    /// Another number. NaN is missing.
    Real(f64),
    /// A text.
    Text(&'a str),
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(it) => ValueRef::Integer(*it),
            Self::Real(it) => ValueRef::Real(*it),
            Self::Text(it) => ValueRef::Text(it.as_bytes()),
        }))
    }
}

/// What a column's values are taken for when they are compared: `10001` and `"10001"` are equal if one side is of
/// numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Affinity {
    /// Values stay what they are.
    None,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Real,
    /// Texts.
    Text,
}

impl Affinity {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "BLOB",
            Self::Integer => "INTEGER",
            Self::Real => "REAL",
            Self::Text => "TEXT",
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What its values are taken for.
    pub affinity: Affinity,
}

impl Column {
    /// A column.
    pub fn new(name: impl Into<String>, affinity: Affinity) -> Self {
        Self { name: name.into(), affinity }
    }
}

/// A table's name and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, at least one.
    pub columns: Vec<Column>,
}

impl Table {
    /// A table.
    pub fn new(name: impl Into<String>, columns: impl IntoIterator<Item = Column>) -> Self {
        Self { name: name.into(), columns: columns.into_iter().collect() }
    }

    pub(crate) fn create(&self, prefix: &str) -> String {
        let column = |it: &Column| format!("{} {}", quoted(&it.name), it.affinity.name());
        let columns: Vec<String> = self.columns.iter().map(column).collect();
        format!("CREATE {prefix}TABLE {} ({})", quoted(&self.name), columns.join(", "))
    }

    pub(crate) fn insert(&self, schema: &str) -> String {
        let marks = vec!["?"; self.columns.len()].join(",");
        format!("INSERT INTO {schema}.{} VALUES ({marks})", quoted(&self.name))
    }

    pub(crate) fn delete(&self, schema: &str) -> String {
        format!("DELETE FROM {schema}.{}", quoted(&self.name))
    }
}

/// A name as SQL writes it, whatever is in it. (SQL cannot hold a NUL byte.)
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\0', " ").replace('"', "\"\""))
}
