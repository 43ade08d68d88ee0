//! From bytes to chunks of whole lines, in order.

use std::collections::HashSet;
use std::fmt;
use std::io::Read;
use std::sync::Arc;

use memchr::{memchr, memchr_iter, memrchr};

use super::chunk::Chunk;
use super::row::for_each_value;
use super::tiles::not_json;
use crate::csv::ReaderOptions;
use crate::{Error, ErrorKind, Place};

/// So many bytes of lines say which columns there are.
pub const SAMPLE_BYTES: usize = 1 << 20;

/// Positions in a chunk, and in the text of a tile, are `u32`.
const MAX_LINE_BYTES: usize = 1 << 30;

/// Reads JSON Lines: the names of the columns at once, then chunks one after the other.
pub struct Reader {
    source: Box<dyn Read + Send>,
    file: Arc<str>,
    names: Vec<String>,
    chunk_bytes: usize,
    max_line_bytes: usize,
    /// Read and not yet given out; starts with a line.
    pending: Vec<u8>,
    at_end_of_file: bool,
    next_line: u64,
}

impl Reader {
    /// Reads the first lines of `source`; `name` is the file's name for errors. Of the options the
    /// delimiter counts for nothing.
    ///
    /// # Errors
    /// [`ErrorKind::Empty`] if there is no line, [`ErrorKind::NotJson`] if one of the first is no
    /// object, [`ErrorKind::RecordTooLarge`], [`ErrorKind::Io`].
    pub fn new(
        source: Box<dyn Read + Send>,
        name: &str,
        options: &ReaderOptions,
    ) -> Result<Self, Error> {
        let mut reader = Self {
            source,
            file: name.into(),
            names: Vec::new(),
            chunk_bytes: SAMPLE_BYTES,
            max_line_bytes: options.max_record_bytes.clamp(1, MAX_LINE_BYTES),
            pending: Vec::new(),
            at_end_of_file: false,
            next_line: 1,
        };
        let end = reader.fill()?;
        reader.names = reader.names_before(end)?;
        reader.set_chunk_bytes(options.chunk_bytes);
        Ok(reader)
    }

    /// The columns' names: the keys of the first lines, in the order in which they come.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Makes the chunks to come about `bytes` long.
    pub fn set_chunk_bytes(&mut self, bytes: usize) {
        self.chunk_bytes = bytes.clamp(1, self.max_line_bytes);
    }

    /// The next run of whole lines; `None` after the last.
    ///
    /// # Errors
    /// [`ErrorKind::Io`], [`ErrorKind::RecordTooLarge`]. After an error the reader is not to be used
    /// again.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, Error> {
        let end = self.fill()?;
        if end == 0 {
            return Ok(None);
        }
        let rest = self.pending.get(end..).unwrap_or_default().to_vec();
        let mut bytes = std::mem::replace(&mut self.pending, rest);
        bytes.truncate(end);
        let first_line = self.next_line;
        self.next_line += memchr_iter(b'\n', &bytes).count() as u64;
        Ok(Some(Chunk::new(bytes, first_line, Arc::clone(&self.file))))
    }

    /// Reads until there is a whole line; gives where the last one that fits into a chunk ends.
    fn fill(&mut self) -> Result<usize, Error> {
        let mut target = self.chunk_bytes;
        loop {
            self.read_up_to(target)?;
            let first = self.pending.get(..target).unwrap_or(&self.pending);
            if let Some(at) = memrchr(b'\n', first) {
                return Ok(at + 1);
            }
            if let Some(at) = memchr(b'\n', &self.pending).filter(|at| *at <= self.max_line_bytes) {
                return Ok(at + 1);
            }
            if self.pending.len() > self.max_line_bytes {
                let place = Place::line(&self.file, self.next_line);
                let message = format!("the line is longer than {} bytes", self.max_line_bytes);
                return Err(Error::new(ErrorKind::RecordTooLarge, place, message));
            }
            if self.at_end_of_file {
                return Ok(self.pending.len());
            }
            // Doubling keeps the bytes looked at in proportion to the line's length.
            target = (2 * target).min(self.max_line_bytes + 1);
        }
    }

    fn read_up_to(&mut self, target: usize) -> Result<(), Error> {
        let wanted = target.saturating_sub(self.pending.len());
        if self.at_end_of_file || wanted == 0 {
            return Ok(());
        }
        let n = (&mut self.source)
            .take(wanted as u64)
            .read_to_end(&mut self.pending)
            .map_err(|error| Error::io(&self.file, error))?;
        self.at_end_of_file = n < wanted;
        Ok(())
    }

    fn names_before(&self, end: usize) -> Result<Vec<String>, Error> {
        let (mut names, mut seen) = (Vec::new(), HashSet::new());
        let lines = self.pending.get(..end).unwrap_or_default().split(|&byte| byte == b'\n');
        for (line, number) in lines.zip(self.next_line..) {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let add = |key: &str, _: &str| {
                if !seen.contains(key) {
                    seen.insert(key.to_owned());
                    names.push(key.to_owned());
                }
            };
            let text = std::str::from_utf8(line).unwrap_or_default();
            for_each_value(text, add)
                .map_err(|error| not_json(line, &error, Place::line(&self.file, number)))?;
        }
        if names.is_empty() {
            let message = "the file is empty: there is no object with a key";
            return Err(Error::new(ErrorKind::Empty, Place::file(&self.file), message));
        }
        Ok(names)
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, names, next_line, .. } = self;
        f.debug_struct("Reader")
            .field("file", file)
            .field("names", names)
            .field("next_line", next_line)
            .finish_non_exhaustive()
    }
}
