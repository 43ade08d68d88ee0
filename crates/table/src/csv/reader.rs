//! From bytes to chunks of whole records, in order: the sequential, cheap part of reading.

use std::fmt;
use std::io::Read;
use std::sync::Arc;

use super::chunk::Chunk;
use super::header::{Header, strip_byte_order_mark};
use super::record::{Split, count_lines, skip_blank_lines, split};
use crate::{Error, ErrorKind, Place};

/// How a table is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderOptions {
    /// The byte between fields, `,`; neither a quote nor a line ending.
    pub delimiter: u8,
    /// About how many bytes a chunk has, 1 MiB.
    pub chunk_bytes: usize,
    /// How many bytes one record may have, give or take its line ending: 64 MiB, at most 1 GiB. A
    /// quote that is never closed makes the rest of the file one record, which this bounds.
    pub max_record_bytes: usize,
}

/// Positions in a chunk, and in the text of a tile, are `u32`.
const MAX_RECORD_BYTES: usize = 1 << 30;

impl Default for ReaderOptions {
    fn default() -> Self {
        Self { delimiter: b',', chunk_bytes: 1 << 20, max_record_bytes: 64 << 20 }
    }
}

/// Reads a table: the header at once, then chunks one after the other.
///
/// ```
/// use table::csv::{Reader, ReaderOptions};
///
/// let file = b"x,x\n1,2\n".as_slice();
/// let mut reader = Reader::new(Box::new(file), "data.csv", ReaderOptions::default())?;
/// assert_eq!(reader.header().names(), ["x", "x.1"]);
/// let chunk = reader.next_chunk()?.expect("there are rows");
/// assert_eq!((chunk.bytes(), chunk.first_line()), (b"1,2\n".as_slice(), 2));
/// assert!(reader.next_chunk()?.is_none());
/// # Ok::<(), table::Error>(())
/// ```
pub struct Reader {
    source: Box<dyn Read + Send>,
    options: ReaderOptions,
    header: Header,
    /// Read and not yet given out; starts with a record.
    pending: Vec<u8>,
    at_end_of_file: bool,
    next_index: u64,
    next_line: u64,
}

impl Reader {
    /// Reads the header of the table that `source` holds; `name` is the file's name for errors.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] if there is no header, [`ErrorKind::Header`] if it is not UTF-8,
    /// [`ErrorKind::UnclosedQuote`], [`ErrorKind::RecordTooLarge`], [`ErrorKind::Io`];
    /// [`ErrorKind::Usage`] for a delimiter that cannot be one.
    pub fn new(
        source: Box<dyn Read + Send>,
        name: &str,
        mut options: ReaderOptions,
    ) -> Result<Self, Error> {
        if let b'"' | b'\n' | b'\r' | 0 = options.delimiter {
            return Err(Error::usage("a quote, a line ending or NUL cannot be the delimiter"));
        }
        options.max_record_bytes = options.max_record_bytes.clamp(1, MAX_RECORD_BYTES);
        options.chunk_bytes = options.chunk_bytes.clamp(1, options.max_record_bytes);
        let file: Arc<str> = name.into();
        let (header, _) = Header::parse(b"", false, options.delimiter, &file, 1)?;
        let mut reader = Self {
            source,
            options,
            header,
            pending: Vec::new(),
            at_end_of_file: false,
            next_index: 0,
            next_line: 1,
        };
        reader.read_header(&file)?;
        Ok(reader)
    }

    /// The table's header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Makes the chunks to come about `bytes` long.
    pub fn set_chunk_bytes(&mut self, bytes: usize) {
        self.options.chunk_bytes = bytes.clamp(1, self.options.max_record_bytes);
    }

    /// The next run of whole records; `None` after the last, at once if there is only a header.
    ///
    /// # Errors
    /// [`ErrorKind::Io`], [`ErrorKind::UnclosedQuote`], [`ErrorKind::RecordTooLarge`]. After an
    /// error the reader is not to be used again.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, Error> {
        loop {
            let split = self.fill()?;
            if self.next_index == 0 && self.skip_blank_start(split) {
                continue;
            }
            let end = match split {
                Split { open_quote: false, .. } if self.at_end_of_file => self.pending.len(),
                Split { end: 0, open_quote: true } => return Err(self.unclosed_quote()),
                Split { end, .. } => end,
            };
            if end == 0 {
                return Ok(None);
            }
            let bytes = self.take(end);
            let first_line = self.next_line;
            self.next_line += count_lines(&bytes);
            self.next_index += 1;
            let index = self.next_index - 1;
            return Ok(Some(Chunk::new(bytes, index, first_line, Arc::clone(&self.header.file))));
        }
    }

    fn read_header(&mut self, file: &Arc<str>) -> Result<(), Error> {
        self.read_up_to(4)?;
        let (byte_order_mark, rest) = strip_byte_order_mark(&self.pending, file)?;
        self.pending = rest.to_vec();
        let split = loop {
            let split = self.fill()?;
            if !self.skip_blank_start(split) {
                break split;
            }
        };
        if self.pending.is_empty() {
            let message = "the file is empty: there is no header";
            return Err(Error::new(ErrorKind::Empty, Place::file(file), message));
        }
        if split.end == 0 && split.open_quote {
            return Err(self.unclosed_quote());
        }
        let (header, end) = Header::parse(
            &self.pending,
            byte_order_mark,
            self.options.delimiter,
            file,
            self.next_line,
        )?;
        self.header = header;
        let record = self.take(end);
        self.next_line += count_lines(&record);
        Ok(())
    }

    /// Reads until there is a whole record, or the file ends.
    fn fill(&mut self) -> Result<Split, Error> {
        let mut target = self.options.chunk_bytes;
        loop {
            self.read_up_to(target)?;
            let split = split(&self.pending, self.options.delimiter, self.at_end_of_file);
            if split.end > 0 || self.at_end_of_file {
                return Ok(split);
            }
            if self.pending.len() > self.options.max_record_bytes {
                return Err(self.record_too_large());
            }
            // Doubling keeps the bytes looked at in proportion to the record's length. One byte
            // over the limit tells a record of just that length from a longer one.
            target = (2 * target).min(self.options.max_record_bytes + 1);
        }
    }

    fn read_up_to(&mut self, target: usize) -> Result<(), Error> {
        let wanted = target.saturating_sub(self.pending.len());
        if self.at_end_of_file || wanted == 0 {
            return Ok(());
        }
        self.pending.reserve(wanted + 1);
        let n = (&mut self.source)
            .take(wanted as u64)
            .read_to_end(&mut self.pending)
            .map_err(|error| Error::io(&self.header.file, error))?;
        self.at_end_of_file = n < wanted;
        Ok(())
    }

    /// Takes blank lines off the start; true if there were any.
    fn skip_blank_start(&mut self, split: Split) -> bool {
        // What looks blank behind the last line ending may be a row's first spaces.
        let end = if self.at_end_of_file { self.pending.len() } else { split.end };
        let lines = self.pending.get(..end).unwrap_or_default();
        let start = skip_blank_lines(lines, 0, self.options.delimiter);
        if start == 0 {
            return false;
        }
        let blank = self.take(start);
        self.next_line += count_lines(&blank);
        true
    }

    /// Takes the first `end` bytes off what is pending.
    fn take(&mut self, end: usize) -> Vec<u8> {
        let rest = self.pending.get(end..).unwrap_or_default();
        let mut pending = Vec::with_capacity(self.options.chunk_bytes.max(rest.len()) + 1);
        pending.extend_from_slice(rest);
        let mut taken = std::mem::replace(&mut self.pending, pending);
        taken.truncate(end);
        taken
    }

    fn unclosed_quote(&self) -> Error {
        let place = Place::line(&self.header.file, self.next_line);
        Error::new(ErrorKind::UnclosedQuote, place, "a quote is opened and never closed")
    }

    fn record_too_large(&self) -> Error {
        let place = Place::line(&self.header.file, self.next_line);
        let limit = self.options.max_record_bytes;
        let message = format!("the record is longer than {limit} bytes; is a quote not closed?");
        Error::new(ErrorKind::RecordTooLarge, place, message)
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { options, header, next_index, next_line, .. } = self;
        f.debug_struct("Reader")
            .field("header", header)
            .field("options", options)
            .field("next_index", next_index)
            .field("next_line", next_line)
            .finish_non_exhaustive()
    }
}
