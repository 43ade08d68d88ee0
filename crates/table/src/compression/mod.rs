//! Compressed files by their extension: `.gz`, `.bz2`, `.xz`, `.zst`; anything else is plain.
//!
//! Reading is streamed, and what several members or frames hold is joined, as Python's modules do.

mod read;
mod write;

pub use read::open;
pub use write::Writer;

/// A compression, known by a file's extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compression {
    /// No compression.
    None,
    /// `.gz`
    Gzip,
    /// `.bz2`
    Bzip2,
    /// `.xz`
    Xz,
    /// `.zst`
    Zstd,
}

impl Compression {
    /// The compression of a file of this name, upper or lower case, as pandas infers it.
    ///
    /// ```
    /// use table::compression::Compression;
    /// assert_eq!(Compression::of("s3://bucket/data.csv.GZ"), Compression::Gzip);
    /// assert_eq!(Compression::of("data.csv"), Compression::None);
    /// ```
    pub fn of(name: &str) -> Self {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension.to_ascii_lowercase().as_str() {
            "gz" => Self::Gzip,
            "bz2" => Self::Bzip2,
            "xz" => Self::Xz,
            "zst" => Self::Zstd,
            _ => Self::None,
        }
    }
}
