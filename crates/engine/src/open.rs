//! Opening a table of any format, wherever it is.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use storage::{Location, Ranged, Storage};
use table::compression::Compression;
use table::csv::ReaderOptions;
use table::parquet::ReadAt;
use table::{Format, Reader};

use crate::stream::unreadable;
use crate::{Category, Error};

/// A table opened, and how far it is read.
pub(crate) struct Opened {
    pub(crate) reader: Reader,
    /// Bytes of the file read (compressed ones, if it is).
    pub(crate) bytes_read: Arc<AtomicU64>,
    /// Bytes of the file, if known.
    pub(crate) bytes_total: Option<u64>,
}

/// The format that was asked for, or else the one that the name says.
pub(crate) fn format(asked: Option<Format>, location: &Location) -> Format {
    asked.unwrap_or_else(|| Format::of(&location.file_name()))
}

/// Opens a table, in the format asked for or that its name says.
///
/// # Errors
/// It cannot be read, or its beginning is no table.
pub(crate) fn open_table(
    location: &Location,
    asked: Option<Format>,
    options: ReaderOptions,
    storage: &Storage,
) -> Result<Opened, Error> {
    let format = format(asked, location);
    let bytes_read = Arc::new(AtomicU64::new(0));
    if format == Format::Parquet {
        not_compressed(location)?;
        let ranged = storage.open_ranged(location).map_err(Error::storage)?;
        let bytes_total = Some(ranged.size);
        let bytes = Arc::new(Anywhere { ranged, count: Arc::clone(&bytes_read) });
        let reader = Reader::open_parquet(bytes, &location.file_name()).map_err(unreadable)?;
        return Ok(Opened { reader, bytes_read, bytes_total });
    }
    let source = storage.open(location).map_err(Error::storage)?;
    let bytes_total = source.size;
    let counted = Counted { inner: source.reader, count: Arc::clone(&bytes_read) };
    let reader = Reader::open(Box::new(counted), &location.file_name(), format, options);
    Ok(Opened { reader: reader.map_err(unreadable)?, bytes_read, bytes_total })
}

/// Parquet compresses its own pages; a file of it is read from its end.
pub(crate) fn not_compressed(location: &Location) -> Result<(), Error> {
    if Compression::of(&location.file_name()) == Compression::None {
        return Ok(());
    }
    let text =
        format!("{location}: Parquet is compressed inside; its name ends with .parquet alone");
    Err(Error::new(Category::Request, text))
}

/// Counts the bytes that pass.
struct Counted {
    inner: Box<dyn Read + Send>,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// What storage reads, as the table takes it.
struct Anywhere {
    ranged: Ranged,
    count: Arc<AtomicU64>,
}

impl ReadAt for Anywhere {
    fn size(&self) -> u64 {
        self.ranged.size
    }

    fn read_at(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let bytes = self.ranged.bytes.read_at(offset, length)?;
        self.count.fetch_add(length as u64, Ordering::Relaxed);
        Ok(bytes)
    }
}
