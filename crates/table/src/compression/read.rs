//! Decompression while reading.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Compression;
use crate::{Error, ErrorKind, Place};

/// Bytes read from the file at once.
const BUFFER_BYTES: usize = 128 << 10;
/// Memory an `.xz` file's dictionary may ask for, in KiB: above what `xz -9` writes (64 MiB).
const XZ_MEMORY_KIB: u32 = 256 << 10;

/// Reads `source` decompressed, by the extension of `name`; a plain file passes through.
///
/// Damaged or truncated input is an [`io::Error`] that holds an [`Error`] of
/// [`ErrorKind::Compression`] naming the file; errors of `source` itself stay what they are.
///
/// ```
/// use std::io::Read;
///
/// let mut text = String::new();
/// let file = b"a,b\n".as_slice();
/// table::compression::open(Box::new(file), "data.csv").read_to_string(&mut text)?;
/// assert_eq!(text, "a,b\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn open(source: Box<dyn Read + Send>, name: &str) -> Box<dyn Read + Send> {
    let compression = Compression::of(name);
    if compression == Compression::None {
        return source;
    }
    let failed = Arc::new(AtomicBool::new(false));
    let source = Watched { source, failed: Arc::clone(&failed) };
    let source = BufReader::with_capacity(BUFFER_BYTES, source);
    let decoder: Box<dyn Read + Send> = match compression {
        Compression::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(source)),
        Compression::Xz => {
            Box::new(lzma_rust2::XzReader::new_mem_limit(source, true, XZ_MEMORY_KIB))
        }
        Compression::Zstd => match zstd::Decoder::with_buffer(source) {
            Ok(decoder) => Box::new(decoder),
            Err(error) => Box::new(Broken(Some(error))),
        },
        Compression::Gzip | Compression::None => Box::new(GzipMembers::new(source)),
    };
    Box::new(Named { decoder, name: name.to_owned(), failed, started: false })
}

/// Notes whether the file itself could not be read.
struct Watched {
    source: Box<dyn Read + Send>,
    failed: Arc<AtomicBool>,
}

impl Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.source.read(buffer);
        if result.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted) {
            self.failed.store(true, Ordering::Relaxed);
        }
        result
    }
}

/// A decoder that could not be made; the first read says why.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Gives the decoder's errors the file's name.
struct Named {
    decoder: Box<dyn Read + Send>,
    name: String,
    failed: Arc<AtomicBool>,
    started: bool,
}

impl Read for Named {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let error = match self.decoder.read(buffer) {
            Ok(n) => {
                self.started |= n > 0;
                return Ok(n);
            }
            Err(error) => error,
        };
        if error.kind() == io::ErrorKind::Interrupted || self.failed.load(Ordering::Relaxed) {
            return Err(error);
        }
        let message = match error.kind() {
            io::ErrorKind::UnexpectedEof => "the compressed file is cut off".to_owned(),
            _ if self.started => format!("the compressed file is damaged: {error}"),
            _ => format!("the file is not what its extension says: {error}"),
        };
        let error = Error::new(ErrorKind::Compression, Place::file(&self.name), message);
        Err(io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

/// The members of a gzip file, joined; zeros behind a member are padding, as in Python's `gzip`.
struct GzipMembers<R: BufRead> {
    state: Gzip<R>,
}

enum Gzip<R: BufRead> {
    Member(Box<flate2::bufread::GzDecoder<R>>),
    Between(R),
    Done,
}

impl<R: BufRead> GzipMembers<R> {
    fn new(source: R) -> Self {
        Self { state: Gzip::Member(Box::new(flate2::bufread::GzDecoder::new(source))) }
    }
}

impl<R: BufRead> Read for GzipMembers<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match std::mem::replace(&mut self.state, Gzip::Done) {
                Gzip::Done => return Ok(0),
                Gzip::Member(mut decoder) => {
                    let n = decoder.read(buffer)?;
                    if n > 0 || buffer.is_empty() {
                        self.state = Gzip::Member(decoder);
                        return Ok(n);
                    }
                    self.state = Gzip::Between(decoder.into_inner());
                }
                Gzip::Between(mut source) => {
                    if skip_zeros(&mut source)? {
                        let decoder = flate2::bufread::GzDecoder::new(source);
                        self.state = Gzip::Member(Box::new(decoder));
                    }
                }
            }
        }
    }
}

/// Whether anything but zeros follows.
fn skip_zeros(source: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let buffer = source.fill_buf()?;
        if buffer.is_empty() {
            return Ok(false);
        }
        let n_zeros = buffer.iter().take_while(|&&byte| byte == 0).count();
        let found = n_zeros < buffer.len();
        source.consume(n_zeros);
        if found {
            return Ok(true);
        }
    }
}
