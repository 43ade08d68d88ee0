//! A column's bytes, read some way ahead, with its pages' headers looked at before they are believed.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf, Bytes};
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use super::file::{ReadAt, Unread};

/// So many bytes are read at a time.
const WINDOW_BYTES: u64 = 2 << 20;
/// A page may take so many bytes, compressed or not. Writers make them of one megabyte, a few of some.
const MAX_PAGE_BYTES: u64 = 256 << 20;
/// A page's header without its statistics is shorter.
const HEADER_BYTES: u64 = 64;

/// The bytes of one leaf of one row group.
pub(super) struct Window {
    bytes: Arc<dyn ReadAt>,
    end: u64,
    /// Where the bytes at hand begin, and those.
    current: Mutex<(u64, Bytes)>,
}

impl Window {
    pub(super) fn new(bytes: Arc<dyn ReadAt>, end: u64) -> Self {
        Self { bytes, end, current: Mutex::new((0, Bytes::new())) }
    }

    /// Up to `length` bytes from `start` on: fewer only at the end.
    fn get(&self, start: u64, length: u64) -> Result<Bytes, ParquetError> {
        let end = start.saturating_add(length).min(self.end);
        if end <= start {
            return Ok(Bytes::new());
        }
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, bytes) = &*current;
        if start < *at || at + (bytes.len() as u64) < end {
            let ahead = end.max(start.saturating_add(WINDOW_BYTES).min(self.end));
            let read = self.bytes.read_at(start, (ahead - start) as usize);
            let read = read.map_err(|error| ParquetError::External(Box::new(Unread(error))))?;
            *current = (start, read.into());
        }
        let (at, bytes) = &*current;
        let from = (start - at) as usize;
        Ok(bytes.slice(from..from + (end - start) as usize))
    }
}

impl Length for Window {
    fn len(&self) -> u64 {
        self.end
    }
}

impl ChunkReader for Window {
    type T = Rest;

    /// Only a page's header is read so.
    fn get_read(&self, start: u64) -> Result<Rest, ParquetError> {
        let header = self.get(start, HEADER_BYTES)?;
        if let Some(text) = fault(&header) {
            return Err(ParquetError::General(text));
        }
        Ok(Rest(self.get(start, WINDOW_BYTES)?.reader()))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let bytes = self.get(start, length as u64)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF("a page is cut off".to_owned()));
        }
        Ok(bytes)
    }
}

/// Bytes at hand.
pub(super) struct Rest(bytes::buf::Reader<Bytes>);

impl Read for Rest {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(out)
    }
}

/// What is wrong with a page's header: its sizes are what memory is asked for. Thrift's compact
/// protocol; fields 1 to 3 are type and the two sizes, 5, 7 and 8 the three sorts of pages, whose
/// first field is how many values there are.
fn fault(header: &[u8]) -> Option<String> {
    let mut input = header;
    let mut field = 0;
    let (mut kind, mut sizes) = (0, [0; 2]);
    loop {
        let byte = take(&mut input)?;
        if byte >> 4 == 0 {
            return None;
        }
        field += byte >> 4;
        match (field, byte & 15) {
            (1, 5) => kind = number(&mut input)?,
            (2 | 3, 5) => {
                let size = number(&mut input)?;
                if size < 0 || MAX_PAGE_BYTES < size as u64 {
                    return Some(format!("a page of {size} bytes"));
                }
                *sizes.get_mut(usize::from(field) - 2)? = size;
            }
            (4, 5) => drop(number(&mut input)?),
            (7, 12) if take(&mut input)? == 0x15 => {
                let n_values = number(&mut input)?;
                let is_possible = 0 <= n_values && n_values <= *sizes.first()?;
                return (kind == 2 && !is_possible)
                    .then(|| format!("a dictionary of {n_values} values"));
            }
            _ => return None,
        }
    }
}

fn take(input: &mut &[u8]) -> Option<u8> {
    let (first, rest) = input.split_first()?;
    *input = rest;
    Some(*first)
}

/// A signed number, zigzag in groups of seven bits.
fn number(input: &mut &[u8]) -> Option<i64> {
    let mut value: u64 = 0;
    for shift in (0..70).step_by(7) {
        let byte = take(input)?;
        value |= u64::from(byte & 127).checked_shl(shift)?;
        if byte < 128 {
            return Some((value >> 1) as i64 ^ -((value & 1) as i64));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn sizes_that_no_page_has_are_refused() {
        // type 2, 16 bytes uncompressed, 16 compressed, a dictionary of 2 values.
        let sound = [0x15, 4, 0x15, 32, 0x15, 32, 0x4c, 0x15, 4, 0];
        assert_eq!(fault(&sound), None);
        let many = [0x15, 4, 0x15, 32, 0x15, 32, 0x4c, 0x15, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0];
        assert_eq!(fault(&many).unwrap(), "a dictionary of 2147483647 values");
        let large = [0x15, 0, 0x15, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0x15, 32];
        assert_eq!(fault(&large).unwrap(), "a page of 2147483647 bytes");
        assert_eq!(fault(&[0x15, 0, 0x15, 1]).unwrap(), "a page of -1 bytes");
        assert_eq!(fault(&[]), None);
    }
}
