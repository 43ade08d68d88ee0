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
    /// The disk or the network failed: try again.
    Failed,
}

/// Why a location cannot be read or written. The text names the location.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    text: String,
    source: Option<io::Error>,
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

    pub(crate) fn io(verb: &str, location: &Location, source: io::Error) -> Self {
        let (kind, text) = match source.kind() {
            io::ErrorKind::NotFound => (ErrorKind::NotFound, format!("File not found: {location}")),
            io::ErrorKind::PermissionDenied => {
                (ErrorKind::Forbidden, format!("No permission to {verb} {location}"))
            }
            _ => (ErrorKind::Failed, format!("Failed to {verb} {location}: {source}")),
        };
        Self { kind, text, source: Some(source) }
    }

    pub(crate) fn too_large(location: &Location, limit: u64) -> Self {
        let text = format!("{location} is larger than the {limit} bytes allowed");
        Self::new(ErrorKind::TooLarge, text)
    }

    pub(crate) fn no_s3(location: &Location) -> Self {
        let text =
            format!("{location} is on S3, which this build does not reach: use a local path");
        Self::new(ErrorKind::Unsuitable, text)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|it| it as _)
    }
}
