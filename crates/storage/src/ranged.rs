//! Bytes read at any place, not from the beginning on.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Mutex, PoisonError};

use crate::{Error, Location, Source, Version};

/// Something opened for reading at any place.
pub struct Ranged {
    /// The bytes.
    pub bytes: Box<dyn ReadAt>,
    /// How many there are.
    pub size: u64,
    /// Which version of the bytes this is, where that can be told.
    pub version: Option<Version>,
}

/// Bytes that can be read at any place, by many threads.
pub trait ReadAt: Send + Sync {
    /// The `length` bytes from `offset` on.
    ///
    /// # Errors
    /// There are fewer; reading fails; what is there has changed since it was opened.
    fn read_at(&self, offset: u64, length: usize) -> io::Result<Vec<u8>>;
}

/// A file whose position is nobody else's.
pub(crate) struct Positioned(Mutex<File>);

impl Positioned {
    pub(crate) fn new(file: File) -> Self {
        Self(Mutex::new(file))
    }
}

impl ReadAt for Positioned {
    fn read_at(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::new();
        (&mut *file).take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

/// Keeps what can be read only once in a temporary file, which nobody else sees.
pub(crate) fn spooled(mut source: Source, location: &Location) -> Result<Ranged, Error> {
    let fail = |err| Error::io("read", location, err);
    let mut file = tempfile::tempfile().map_err(fail)?;
    let size = io::copy(&mut source.reader, &mut file).map_err(fail)?;
    Ok(Ranged { bytes: Box::new(Positioned::new(file)), size, version: source.version })
}
