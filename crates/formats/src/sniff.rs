//! What a file is, from its first bytes.
//!
//! Pickles of protocol 2 and later open with `80 <protocol>`. Protocols 0 and 1 have no mark: a
//! file that is nothing else and opens with one of their opcodes is tried.

use crate::error::Fault;
use crate::joblib::Compression;
use crate::{native, torch};

/// Which compression a file is wrapped in; `None` for a plain pickle or a library's own file.
///
/// # Errors
/// If it is neither, naming what it looks like.
pub(crate) fn compression(bytes: &[u8]) -> Result<Option<Compression>, Fault> {
    if bytes.is_empty() {
        return Err(Fault::unknown_format("an empty file"));
    }
    if torch::form(bytes).is_some() {
        return Ok(None);
    }
    if let Some(it) = COMPRESSED.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Ok(Some(it.1));
    }
    if let Some(it) = zlib(bytes) {
        return Ok(Some(it));
    }
    if native::library(bytes).is_some() {
        return Ok(None);
    }
    if let Some((_, name)) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Fault::unknown_format(name));
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Err(Fault::unknown_format("a tar archive, and none of PyTorch's"));
    }
    match bytes {
        [0x80, 0..=5, ..] => Ok(None),
        [0x80, protocol, ..] => {
            let text = format!("pickle protocol {protocol} is not known; save it with protocol 5");
            Err(Fault::unsupported(text).or_at(1))
        }
        _ => old_pickle(bytes).map(|()| None),
    }
}

const COMPRESSED: &[(&[u8], Compression)] = &[
    (b"\x1f\x8b", Compression::Gzip),
    (b"BZh", Compression::Bzip2),
    (b"\xfd7zXZ\x00", Compression::Xz),
    (b"\x5d\x00\x00", Compression::Lzma),
    (b"\x04\x22\x4d\x18", Compression::Lz4),
];

/// What people pass by mistake.
const OTHERS: &[(&[u8], &str)] = &[
    (
        b"PK\x03\x04",
        "a zip archive, but none of torch.save (a Keras or .npz file, or one cut short)",
    ),
    (b"\x89HDF", "an HDF5 file (Keras)"),
    (b"\x93NUMPY", "a .npy array"),
    (b"PAR1", "a Parquet table"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"ZF", "a file of joblib before 0.10, which numpy side files belong to"),
    (b"version https://git-lfs", "a Git LFS pointer; run `git lfs pull`"),
    (b"<", "HTML or XML; perhaps a download page was saved instead of the file"),
    (b"{", "JSON"),
    (b"[", "JSON"),
    (b"\xef\xbb\xbf", "text with a byte order mark"),
];

/// RFC 1950: deflate, and a header divisible by 31.
fn zlib(bytes: &[u8]) -> Option<Compression> {
    let [first, second, ..] = *bytes else { return None };
    let header = u16::from_be_bytes([first, second]);
    (first == 0x78 && header % 31 == 0).then_some(Compression::Zlib)
}

/// Protocols 0 and 1 open with an opcode that pushes something, and all pickles end with a dot.
fn old_pickle(bytes: &[u8]) -> Result<(), Fault> {
    let opens = bytes.first().is_some_and(|it| b"(])}lcdtIJKMLFGNSTUVXi".contains(it));
    if opens && bytes.last() == Some(&b'.') {
        return Ok(());
    }
    let head = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    let is_text = |it: &u8| matches!(it, b' '..=b'~' | b'\t' | b'\r' | b'\n' | 0x80..);
    if !head.iter().all(is_text) {
        return Err(Fault::unknown_format("binary data of another kind"));
    }
    let first_line = head.split(|it| *it == b'\n').next().unwrap_or_default();
    let looks = if first_line.contains(&b',') { "a CSV table" } else { "text" };
    Err(Fault::unknown_format(looks))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks_like(bytes: &[u8]) -> String {
        compression(bytes).unwrap_err().text
    }

    #[test]
    fn a_file_of_another_kind_is_named() {
        for (bytes, want) in [
            (&b"a,b,c\n1,2,3\n"[..], "a CSV table"),
            (b"PK\x03\x04....", "zip archive"),
            (b"<!DOCTYPE html>", "HTML"),
            (b"{\"lesson\": 1}", "JSON"),
            (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
            (b"", "an empty file"),
            (b"\x00\x01\x02", "binary data"),
            (b"Name the model", "text"),
        ] {
            let text = looks_like(bytes);
            assert!(text.contains(want), "{text}");
        }
    }

    #[test]
    fn pickles_and_compressions_are_told_apart() {
        assert_eq!(compression(b"\x80\x04N.").unwrap(), None);
        assert_eq!(compression(b"(dp0\n.").unwrap(), None);
        assert_eq!(compression(b"\x78\x9c\x00").unwrap(), Some(Compression::Zlib));
        assert_eq!(compression(b"\x78\x5e\x00").unwrap(), Some(Compression::Zlib));
        assert_eq!(compression(b"\x1f\x8b\x08").unwrap(), Some(Compression::Gzip));
        assert!(looks_like(b"\x80\x09N.").contains("protocol 9"));
    }
}
