//! Why bytes cannot be read or written.

use std::{fmt, io};

use crate::Location;

/// What the caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// There is nothing under that name: correct the name.
    NotFound,
    /// The permission is missing: grant it.
    Forbidden,
    /// The name is of the wrong sort (a folder), or this build cannot reach it.
    Unsuitable,
    /// More bytes than allowed.
    TooLarge,
    /// It is still the version that is known.
    Unchanged,
    /// It has no bytes where they were asked for.
    NoRange,
    /// The time allowed is over.
    Late,
    /// The disk or the network failed: try again.
    Failed,
}

/// Why a location cannot be read or written. The text names the location; nothing in it is secret.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    text: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// What the caller can do about it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    pub(crate) fn new(kind: ErrorKind, text: String) -> Self {
        Self { kind, text, source: None }
    }

    /// The error of this crate that went through a reader or a writer as an [`io::Error`].
    ///
    /// # Errors
    /// It is another's.
    pub fn of(err: io::Error) -> Result<Self, io::Error> {
        err.downcast::<Self>()
    }

    pub(crate) fn io(verb: &str, location: &Location, source: io::Error) -> Self {
        let source = match Self::of(source) {
            Ok(own) => return own,
            Err(source) => source,
        };
        let (kind, text) = match source.kind() {
            io::ErrorKind::NotFound => (ErrorKind::NotFound, format!("File not found: {location}")),
            io::ErrorKind::PermissionDenied => {
                (ErrorKind::Forbidden, format!("No permission to {verb} {location}"))
            }
            _ => (ErrorKind::Failed, format!("Failed to {verb} {location}: {source}")),
        };
        Self { kind, text, source: Some(Box::new(source)) }
    }

    /// What a server answered.
    pub(crate) fn remote(kind: ErrorKind, text: String, source: object_store::Error) -> Self {
        Self { kind, text, source: Some(Box::new(source)) }
    }

    pub(crate) fn late(location: &Location) -> Self {
        Self::new(ErrorKind::Late, format!("{location}: the time allowed is over"))
    }

    pub(crate) fn too_large(location: &Location, limit: u64) -> Self {
        let text = format!("{location} is larger than the {limit} bytes allowed");
        Self::new(ErrorKind::TooLarge, text)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|it| it as _)
    }
}
