//! The compressions joblib offers, undone within limits.

use std::io::{ErrorKind as IoKind, Read};

use bzip2::bufread::BzDecoder;
use flate2::bufread::{GzDecoder, ZlibDecoder};
use lz4_flex::frame::FrameDecoder;
use lzma_rust2::{LzmaReader, XzReader};

use crate::error::{ErrorKind, Fault};
use crate::limits::Limits;

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    Zlib,
    Gzip,
    Bzip2,
    Xz,
    /// The older format of the same author as xz, `.lzma`.
    Lzma,
    Lz4,
}

/// How much is decompressed before the limit is looked at.
const STEP: usize = 64 << 10;

/// The largest dictionary of an xz file: that of its preset 9.
const XZ_MEMORY_KIB: u32 = 66 << 10;

/// What becomes of decompressed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    /// They are kept.
    Content,
    /// They are counted.
    Nothing,
}

/// Content up to twice the file and this much is kept at once.
const AT_ONCE: u64 = 24 << 20;

/// The whole content.
///
/// Content that is much longer than the file is counted before it is kept, so that a file made to become
/// too long is refused in little memory.
///
/// # Errors
/// If the stream is damaged or incomplete, if anything follows it, or if it becomes longer than
/// `limits` allow.
pub(crate) fn decompress(
    bytes: &[u8],
    compression: Compression,
    limits: &Limits,
) -> Result<Vec<u8>, Fault> {
    let most = limits.decompressed(bytes.len());
    let at_once = (2 * bytes.len() as u64).saturating_add(AT_ONCE);
    if most <= at_once {
        return run(bytes, compression, most, Keep::Content);
    }
    match run(bytes, compression, at_once, Keep::Content) {
        Err(fault) if fault.kind == ErrorKind::TooLarge => {}
        done => return done,
    }
    run(bytes, compression, most, Keep::Nothing)?;
    run(bytes, compression, most, Keep::Content)
}

fn run(bytes: &[u8], compression: Compression, most: u64, keep: Keep) -> Result<Vec<u8>, Fault> {
    let mut rest = bytes;
    let name = format!("{compression:?}").to_lowercase();
    let content = match compression {
        Compression::Zlib => read_all(ZlibDecoder::new(&mut rest), most, keep, &name),
        Compression::Gzip => read_all(GzDecoder::new(&mut rest), most, keep, &name),
        Compression::Bzip2 => read_all(BzDecoder::new(&mut rest), most, keep, &name),
        Compression::Xz => {
            read_all(XzReader::new_mem_limit(&mut rest, false, XZ_MEMORY_KIB), most, keep, &name)
        }
        Compression::Lzma => lzma(&mut rest, most, keep, &name),
        Compression::Lz4 => {
            let content = read_all(FrameDecoder::new(&mut rest), most, keep, &name)?;
            check_lz4_end(bytes, bytes.len() - rest.len(), &name).map(|()| content)
        }
    }?;
    // gzip may be padded with zeros, as Python's gzip allows.
    if rest.iter().any(|it| *it != 0) {
        let at = bytes.len() - rest.len();
        let text = format!("{} bytes follow the {name} data, expected none", rest.len());
        return Err(Fault::malformed(text).or_at(at));
    }
    Ok(content)
}

/// `.lzma`: properties (1 byte), dictionary size (4), content size (8, all ones if unknown). No
/// dictionary longer than the content is of use, so that is all that is allocated.
fn lzma(rest: &mut &[u8], most: u64, keep: Keep, name: &str) -> Result<Vec<u8>, Fault> {
    let (head, tail) = rest.split_first_chunk::<13>().ok_or_else(|| Fault::truncated(name))?;
    let [properties, d0, d1, d2, d3, size @ ..] = *head;
    let size = u64::from_le_bytes(size);
    if size != u64::MAX && size > most {
        return Err(too_long(most));
    }
    let dictionary = u64::from(u32::from_le_bytes([d0, d1, d2, d3])).min(most.max(4096));
    let dictionary = u32::try_from(dictionary).unwrap_or(u32::MAX);
    *rest = tail;
    let reader = LzmaReader::new_with_props(rest, size, properties, dictionary, None);
    read_all(reader.map_err(|it| damaged(&it, name))?, most, keep, name)
}

/// A frame ends in four zeros, and then its checksum if bit 2 of its flags (byte 4) says so. The
/// decoder takes the end of the file for that end too.
fn check_lz4_end(bytes: &[u8], end: usize, name: &str) -> Result<(), Fault> {
    let checksum = bytes.get(4).is_some_and(|flags| flags & 4 != 0);
    let tail = if checksum { 8 } else { 4 };
    let mark = end.checked_sub(tail).and_then(|it| bytes.get(it..it + 4));
    if mark == Some(&[0; 4]) { Ok(()) } else { Err(Fault::truncated(&format!("the {name} data"))) }
}

fn read_all(mut from: impl Read, most: u64, keep: Keep, name: &str) -> Result<Vec<u8>, Fault> {
    let mut content = Vec::new();
    let mut total = 0;
    let mut step = vec![0; STEP];
    loop {
        let len = match from.read(&mut step) {
            Ok(0) => return Ok(content),
            Ok(len) => len,
            Err(it) if it.kind() == IoKind::Interrupted => continue,
            Err(it) => return Err(damaged(&it, name)),
        };
        total += len as u64;
        if total > most {
            return Err(too_long(most));
        }
        if keep == Keep::Nothing {
            continue;
        }
        if content.capacity() - content.len() < len {
            let wish =
                (content.capacity() as u64 * 3 / 2).max(4 * STEP as u64).min(most).max(total);
            let more = wish as usize - content.len();
            let full = |_| Fault::too_large("there is not enough memory to decompress it");
            content.try_reserve_exact(more).map_err(full)?;
        }
        content.extend_from_slice(step.get(..len).unwrap_or_default());
    }
}

fn too_long(most: u64) -> Fault {
    Fault::too_large(format!(
        "it decompresses to more than the allowed {most} bytes; \
         raise the limit only for files you trust"
    ))
}

fn damaged(error: &std::io::Error, name: &str) -> Fault {
    match error.kind() {
        IoKind::UnexpectedEof => Fault::truncated(&format!("the {name} data")),
        _ => Fault::malformed(format!("the {name} data is damaged ({error}); copy it again")),
    }
}
