//! Why SQL failed.

use std::fmt;

/// Who can mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The statement or the table is wrong, or does what is not allowed.
    Wrong,
    /// A table, a result or a text would be larger than allowed.
    TooMuch,
    /// It would take more time than allowed.
    Late,
    /// A function was given what it does not take: the rows are to blame.
    Data,
    /// A result holds what is neither a number nor a text.
    NoValue,
    /// SQLite itself failed, or the statements of the process together take more memory than allowed.
    Failed,
}

/// Why SQL failed, and where in the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    text: String,
    offset: Option<usize>,
}

impl Error {
    pub(crate) fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), offset: None }
    }

    pub(crate) fn at(self, offset: usize) -> Self {
        Self { offset: Some(offset), ..self }
    }

    pub(crate) fn late() -> Self {
        Self::new(Kind::Late, "the statement takes longer than is allowed")
    }

    /// Who can mend it.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The byte of the statement at which it is wrong, if that is known.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(err: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        if let rusqlite::Error::SqlInputError { msg, offset, .. } = &err {
            let offset = usize::try_from(*offset).ok();
            return Self { kind: Kind::Wrong, text: msg.clone(), offset };
        }
        match (&err, err.sqlite_error_code()) {
            (_, Some(ErrorCode::OperationInterrupted)) => Self::late(),
            (_, Some(ErrorCode::OutOfMemory)) => {
                Self::new(Kind::Failed, "the statement takes more memory than is allowed")
            }
            (_, Some(ErrorCode::DiskFull)) => {
                Self::new(Kind::TooMuch, "the tables take more memory than is allowed")
            }
            (_, Some(ErrorCode::TooBig)) => {
                Self::new(Kind::TooMuch, "a text is longer than is allowed")
            }
            (rusqlite::Error::MultipleStatement, _) => {
                Self::new(Kind::Wrong, "there are several statements, one SELECT is expected")
            }
            (rusqlite::Error::SqliteFailure(_, Some(text)), Some(ErrorCode::Unknown)) => {
                Self::new(Kind::Data, text.clone())
            }
            _ => Self::new(Kind::Failed, err.to_string()),
        }
    }
}
