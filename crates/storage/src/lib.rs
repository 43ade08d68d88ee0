//! Where bytes come from and go to: a URI is opened for reading, or written atomically.
//!
//! [`Location::parse`] tells a local path, a `file://` URI and an `s3://` URI apart without touching
//! anything. [`open`] and [`read`] read; [`create`] gives a [`Sink`] whose bytes appear under their
//! name all at once, when [`Sink::commit`] is called, or never.

mod error;
mod file;
mod location;

pub use error::{Error, ErrorKind};
pub use file::Sink;
pub use location::{InvalidUri, Location};

use std::io::Read;

/// Something opened for reading.
pub struct Source {
    /// The bytes, in order.
    pub reader: Box<dyn Read + Send>,
    /// How many there are, where that is known.
    pub size: Option<u64>,
}

/// Opens a location for reading.
///
/// # Errors
/// It does not exist, may not be read, or is a folder.
pub fn open(location: &Location) -> Result<Source, Error> {
    match location {
        Location::Local(path) => file::open(path),
        Location::Standard => Ok(Source { reader: Box::new(std::io::stdin()), size: None }),
        Location::S3 { .. } => Err(Error::no_s3(location)),
    }
}

/// Reads all bytes of a location, at most `limit`.
///
/// # Errors
/// As [`open`]; more than `limit` bytes.
pub fn read(location: &Location, limit: u64) -> Result<Vec<u8>, Error> {
    let source = open(location)?;
    let fits =
        |size: u64| if size <= limit { Ok(()) } else { Err(Error::too_large(location, limit)) };
    source.size.map_or(Ok(()), fits)?;
    // One byte more than the limit tells a file that grew from one that fits.
    let room = source.size.unwrap_or(0).min(limit).saturating_add(1);
    let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or(0));
    let mut reader = source.reader.take(limit.saturating_add(1));
    reader.read_to_end(&mut bytes).map_err(|err| Error::io("read", location, err))?;
    fits(bytes.len() as u64)?;
    Ok(bytes)
}

/// Starts writing a location. Nothing is to be seen under its name before [`Sink::commit`].
///
/// # Errors
/// Its folder does not exist or may not be written; it is a folder itself.
pub fn create(location: &Location) -> Result<Sink, Error> {
    match location {
        Location::Local(path) => Sink::local(path),
        Location::Standard => Ok(Sink::standard()),
        Location::S3 { .. } => Err(Error::no_s3(location)),
    }
}
