//! Compression while writing.

use std::fmt;
use std::io::{self, Write};

use super::Compression;

/// Writes compressed, by the file's extension. [`Writer::finish`] writes the end: without it the
/// output is cut off.
///
/// ```
/// use std::io::{Read, Write};
/// use table::compression::{open, Writer};
///
/// let mut writer = Writer::new(Vec::new(), "data.csv.zst")?;
/// writer.write_all(b"a,b\n")?;
/// let file = writer.finish()?;
/// let mut text = String::new();
/// open(Box::new(std::io::Cursor::new(file)), "data.csv.zst").read_to_string(&mut text)?;
/// assert_eq!(text, "a,b\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Writer<W: Write>(Encoder<W>);

enum Encoder<W: Write> {
    Plain(W),
    Gzip(Box<flate2::write::GzEncoder<W>>),
    Bzip2(Box<bzip2::write::BzEncoder<W>>),
    Xz(Box<lzma_rust2::XzWriter<W>>),
    Zstd(zstd::Encoder<'static, W>),
}

/// The `xz` tool's own default.
const XZ_PRESET: u32 = 6;

impl<W: Write> Writer<W> {
    /// A writer to `sink` that compresses as the extension of `name` says, at each tool's usual
    /// level. Equal input gives equal bytes: no time is written.
    ///
    /// # Errors
    /// If the encoder cannot be set up.
    pub fn new(sink: W, name: &str) -> io::Result<Self> {
        Ok(Self(match Compression::of(name) {
            Compression::None => Encoder::Plain(sink),
            Compression::Gzip => {
                let level = flate2::Compression::default();
                Encoder::Gzip(Box::new(flate2::write::GzEncoder::new(sink, level)))
            }
            Compression::Bzip2 => {
                let level = bzip2::Compression::best();
                Encoder::Bzip2(Box::new(bzip2::write::BzEncoder::new(sink, level)))
            }
            Compression::Xz => {
                let options = lzma_rust2::XzOptions::with_preset(XZ_PRESET);
                Encoder::Xz(Box::new(lzma_rust2::XzWriter::new(sink, options)?))
            }
            Compression::Zstd => {
                Encoder::Zstd(zstd::Encoder::new(sink, zstd::DEFAULT_COMPRESSION_LEVEL)?)
            }
        }))
    }

    /// Writes the end of the compressed data, flushes and gives the sink back.
    ///
    /// # Errors
    /// The sink's.
    pub fn finish(self) -> io::Result<W> {
        let mut sink = match self.0 {
            Encoder::Plain(sink) => sink,
            Encoder::Gzip(encoder) => encoder.finish()?,
            Encoder::Bzip2(encoder) => encoder.finish()?,
            Encoder::Xz(encoder) => encoder.finish()?,
            Encoder::Zstd(encoder) => encoder.finish()?,
        };
        sink.flush()?;
        Ok(sink)
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Encoder::Plain(sink) => sink.write(bytes),
            Encoder::Gzip(encoder) => encoder.write(bytes),
            Encoder::Bzip2(encoder) => encoder.write(bytes),
            Encoder::Xz(encoder) => encoder.write(bytes),
            Encoder::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Encoder::Plain(sink) => sink.flush(),
            Encoder::Gzip(encoder) => encoder.flush(),
            Encoder::Bzip2(encoder) => encoder.flush(),
            Encoder::Xz(encoder) => encoder.flush(),
            Encoder::Zstd(encoder) => encoder.flush(),
        }
    }
}

impl<W: Write> fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            Encoder::Plain(_) => "plain",
            Encoder::Gzip(_) => "gzip",
            Encoder::Bzip2(_) => "bzip2",
            Encoder::Xz(_) => "xz",
            Encoder::Zstd(_) => "zstd",
        };
        f.debug_tuple("Writer").field(&name).finish()
    }
}
