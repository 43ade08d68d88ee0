//! The one error of this crate: what went wrong ([`ErrorKind`]), where ([`Place`]), in one sentence.

use std::error::Error as StdError;
use std::fmt::{self, Display, Formatter};
use std::io;

use crate::ordered::WorkerPanic;

/// Why a table could not be read or written.
///
/// Its text names the place first: `data.csv line 17, column age: "x" is not a number`.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    place: Place,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What went wrong, by what the caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The source or the sink failed; [`StdError::source`] is its own error.
    Io,
    /// Compressed bytes are damaged or end too early.
    Compression,
    /// There is not even a header.
    Empty,
    /// The header cannot be used.
    Header,
    /// A quote is opened and never closed.
    UnclosedQuote,
    /// A row has more fields than the header.
    RowTooLong {
        /// Fields in the row.
        found: usize,
        /// Fields in the header.
        expected: usize,
    },
    /// One record is longer than [`crate::csv::ReaderOptions::max_record_bytes`].
    RecordTooLarge,
    /// A cell of a number column is not a number.
    NotANumber,
    /// A cell of a text column is not UTF-8, or contains a NUL byte.
    NotText,
    /// A line is not a JSON object.
    NotJson,
    /// A Parquet file is damaged, or a column of it holds what is not read.
    Parquet,
    /// The caller asked for what the table does not have, or passed values that do not fit.
    Usage,
    /// A worker thread panicked: a bug.
    Panic,
}

/// Where in the input an error lies; each part only if it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The file's name as the caller gave it.
    pub file: Option<String>,
    /// The physical line, from 1, on which the record starts.
    pub line: Option<u64>,
    /// The row, from 1, where there are no lines.
    pub row: Option<u64>,
    /// The column's name as in [`crate::csv::Header::names`].
    pub column: Option<String>,
}

impl Place {
    pub(crate) fn file(name: &str) -> Self {
        Self { file: Some(name.to_owned()), ..Self::default() }
    }

    pub(crate) fn line(name: &str, line: u64) -> Self {
        Self { line: Some(line), ..Self::file(name) }
    }

    pub(crate) fn with_column(mut self, column: &str) -> Self {
        self.column = Some(column.to_owned());
        self
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        if let Some(file) = &self.file {
            write!(f, "{file}")?;
            separator = " ";
        }
        if let Some(line) = self.line {
            write!(f, "{separator}line {line}")?;
            separator = ", ";
        }
        if let Some(row) = self.row {
            write!(f, "{separator}row {row}")?;
            separator = ", ";
        }
        match &self.column {
            Some(column) if separator == " " => write!(f, ", column {column}"),
            Some(column) => write!(f, "{separator}column {column}"),
            None => Ok(()),
        }
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, place: Place, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, place, message: message.into(), source: None }))
    }

    /// [`ErrorKind::Usage`], for those who build on this crate.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, Place::default(), message)
    }

    /// An I/O error of `file`. An [`Error`] that travelled inside one comes out again.
    pub(crate) fn io(file: &str, error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(ours) => ours,
            Err(error) => {
                let mut wrapped = Self::new(ErrorKind::Io, Place::file(file), error.to_string());
                wrapped.0.source = Some(Box::new(error));
                wrapped
            }
        }
    }

    /// The [`Error`] that travelled inside an I/O error, or else one around it.
    #[must_use]
    pub fn from_io(error: io::Error) -> Self {
        Self::io("", error)
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The source's or the sink's own error, if it is one ([`ErrorKind::Io`]); else the error itself.
    ///
    /// # Errors
    /// The fault is the table's.
    pub fn into_io(mut self) -> Result<io::Error, Self> {
        let Some(source) = self.0.source.take() else { return Err(self) };
        match source.downcast::<io::Error>() {
            Ok(own) => Ok(*own),
            Err(other) => {
                self.0.source = Some(other);
                Err(self)
            }
        }
    }

    /// Where in the input.
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// The sentence without the place.
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.place == Place::default() {
            return f.write_str(&self.0.message);
        }
        write!(f, "{}: {}", self.0.place, self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({self})", self.0.kind)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

impl From<WorkerPanic> for Error {
    fn from(panic: WorkerPanic) -> Self {
        Self::new(ErrorKind::Panic, Place::default(), panic.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, ErrorKind, Place};

    #[test]
    fn the_text_names_file_line_and_column_before_the_fault() {
        let place = Place::line("data.csv", 17).with_column("age");
        let error = Error::new(ErrorKind::NotANumber, place, "\"x\" is not a number");
        assert_eq!(error.to_string(), "data.csv line 17, column age: \"x\" is not a number");
        let place = Place::file("data.csv").with_column("age");
        assert_eq!(place.to_string(), "data.csv, column age");
        assert_eq!(Error::usage("no rows").to_string(), "no rows");
    }

    #[test]
    fn an_error_that_travelled_inside_an_io_error_comes_out_again() {
        let inner = Error::new(ErrorKind::Compression, Place::file("a.gz"), "is cut off");
        let outer = Error::io("other", std::io::Error::other(inner));
        assert_eq!(
            (outer.kind(), outer.place().file.as_deref()),
            (ErrorKind::Compression, Some("a.gz"))
        );
    }
}
