//! Names of places: local paths, `file://` and `s3://` URIs.

use std::fmt;
use std::path::PathBuf;

/// A place that bytes are read from or written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file on this machine.
    Local(PathBuf),
    /// `-`: standard input or standard output.
    Standard,
    /// An object in a bucket.
    S3 {
        /// The bucket's name.
        bucket: String,
        /// The object's key, without a leading slash.
        key: String,
    },
}

/// A text that names no place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvalidUri {
    /// A scheme other than `s3` and `file`.
    Scheme(String),
    /// An `s3://` URI without a bucket or without a key.
    Incomplete(String),
    /// A `file://` URI that names another machine, or has a broken escape.
    File(String),
    /// No text at all.
    Empty,
}

impl fmt::Display for InvalidUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme(uri) => {
                write!(f, "Invalid S3 URI format: {uri}. Must start with 's3://'")
            }
            Self::Incomplete(uri) => write!(
                f,
                "Invalid S3 URI format: {uri}. Expected format: s3://bucket-name/path/to/file"
            ),
            Self::File(uri) => {
                write!(f, "Invalid file URI: {uri}. Expected format: file:///path/to/file")
            }
            Self::Empty => f.write_str("Invalid S3 URI format: . Must start with 's3://'"),
        }
    }
}

impl std::error::Error for InvalidUri {}

impl Location {
    /// Reads `s3://bucket/key`, `file:///path`, `-`, or a path.
    ///
    /// ```
    /// use storage::Location;
    /// assert_eq!(Location::parse("data.csv"), Ok(Location::Local("data.csv".into())));
    /// assert_eq!(Location::parse("file:///a%20b"), Ok(Location::Local("/a b".into())));
    /// let s3 = Location::S3 { bucket: "b".into(), key: "k/x.csv".into() };
    /// assert_eq!(Location::parse("s3://b/k/x.csv"), Ok(s3));
    /// assert!(Location::parse("s3://bucket").is_err());
    /// assert!(Location::parse("https://example.com/x").is_err());
    /// ```
    ///
    /// # Errors
    /// Another scheme, or a URI that lacks a part.
    pub fn parse(text: &str) -> Result<Self, InvalidUri> {
        if text.is_empty() {
            return Err(InvalidUri::Empty);
        }
        if text == "-" {
            return Ok(Self::Standard);
        }
        if let Some(rest) = text.strip_prefix("s3://") {
            return match rest.split_once('/') {
                Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => {
                    Ok(Self::S3 { bucket: bucket.to_owned(), key: key.to_owned() })
                }
                _ => Err(InvalidUri::Incomplete(text.to_owned())),
            };
        }
        if let Some(rest) = text.strip_prefix("file://") {
            let path = rest.strip_prefix("localhost").unwrap_or(rest);
            let path = Some(path).filter(|it| it.starts_with('/')).and_then(percent_decoded);
            return path
                .map(|it| Self::Local(it.into()))
                .ok_or_else(|| InvalidUri::File(text.to_owned()));
        }
        match text.split_once("://") {
            Some((scheme, _)) if scheme.bytes().all(|it| it.is_ascii_alphanumeric()) => {
                Err(InvalidUri::Scheme(text.to_owned()))
            }
            _ => Ok(Self::Local(text.into())),
        }
    }

    /// The last part of the name, for messages and for its extension.
    #[must_use]
    pub fn file_name(&self) -> String {
        match self {
            Self::Local(path) => {
                path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
            }
            Self::Standard => "-".to_owned(),
            Self::S3 { key, .. } => key.rsplit('/').next().unwrap_or(key).to_owned(),
        }
    }
}

/// As the user wrote it; a `file://` URI as its path.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(path) => write!(f, "{}", path.display()),
            Self::Standard => f.write_str("-"),
            Self::S3 { bucket, key } => write!(f, "s3://{bucket}/{key}"),
        }
    }
}

/// Percent escapes to bytes; `None` if one is broken or the result is not UTF-8.
#[must_use]
pub fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first != b'%' {
            bytes.push(first);
            continue;
        }
        let digits = str::from_utf8(rest.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = rest.get(2..)?;
    }
    String::from_utf8(bytes).ok()
}
