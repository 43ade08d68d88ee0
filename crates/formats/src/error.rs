//! Why a file could not be read, and where.

use std::fmt;

use object_graph::Full;

/// What the caller can do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file is not a pickle or joblib file at all.
    UnknownFormat,
    /// The file ends before it is complete.
    Truncated,
    /// The file contradicts itself or the format.
    Malformed,
    /// The file is sound but uses something that is not supported.
    Unsupported,
    /// The file needs more than the [`Limits`](crate::Limits) allow.
    TooLarge,
    /// The file asks Python to run code.
    AsksForCode,
}

/// Where in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// Bytes from the start; of the decompressed content if the file is compressed.
    Byte(u64),
    /// The file as a whole.
    File,
}

/// Why a file could not be read.
pub struct Error(Box<Inner>);

struct Inner {
    name: String,
    fault: Fault,
}

impl Error {
    pub(crate) fn new(name: &str, fault: Fault) -> Self {
        Self(Box::new(Inner { name: name.to_owned(), fault }))
    }

    /// What the caller can do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.fault.kind
    }

    /// Where it is.
    #[must_use]
    pub fn place(&self) -> Place {
        self.0.fault.at.map_or(Place::File, Place::Byte)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { name, fault } = &*self.0;
        match fault.at {
            Some(at) => write!(f, "{name} at byte {at:#x}: {}", fault.text),
            None => write!(f, "{name}: {}", fault.text),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({self})", self.kind())
    }
}

impl std::error::Error for Error {}

/// An error that does not know its file yet.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) kind: ErrorKind,
    pub(crate) at: Option<u64>,
    pub(crate) text: String,
}

impl Fault {
    fn new(kind: ErrorKind, text: impl Into<String>) -> Self {
        Self { kind, at: None, text: text.into() }
    }

    pub(crate) fn truncated(what: &str) -> Self {
        let text = format!(
            "the file ends inside {what}; it was not copied or written completely, copy it again"
        );
        Self::new(ErrorKind::Truncated, text)
    }

    pub(crate) fn malformed(text: impl Into<String>) -> Self {
        Self::new(ErrorKind::Malformed, text)
    }

    pub(crate) fn unsupported(text: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unsupported, text)
    }

    pub(crate) fn too_large(text: impl Into<String>) -> Self {
        Self::new(ErrorKind::TooLarge, text)
    }

    pub(crate) fn asks_for_code(path: &str) -> Self {
        let text = format!(
            "the file asks Python to run {path}; Pythia never runs code from a file, \
             so this file is refused"
        );
        Self::new(ErrorKind::AsksForCode, text)
    }

    pub(crate) fn unknown_format(looks_like: &str) -> Self {
        let text = format!(
            "this is not a pickle or joblib file but looks like {looks_like}; \
             expected a model saved with pickle.dump or joblib.dump, or by LightGBM, XGBoost or CatBoost"
        );
        Self::new(ErrorKind::UnknownFormat, text)
    }

    /// The same fault at a byte, if it has no place yet.
    pub(crate) fn or_at(mut self, at: usize) -> Self {
        self.at = self.at.or(Some(at as u64));
        self
    }
}

impl From<Full> for Fault {
    fn from(full: Full) -> Self {
        let text = format!("{full}; raise the limit only for files you trust");
        Self::new(ErrorKind::TooLarge, text)
    }
}
