//! The zip: same entries, same bytes, whenever and wherever it is made.

use std::io::{Cursor, Write};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// zlib's best: a second of work for a zip that is loaded at each cold start.
const LEVEL: i64 = 9;

/// One file of the zip.
pub(super) struct Entry {
    /// Its path below `/var/task`, with slashes.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// Whether Lambda may start it.
    pub(super) is_program: bool,
}

/// The zip of `entries`, in their order. All are of 1 January 1980, the first day zip knows.
pub(super) fn zip(entries: &[Entry]) -> ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .last_modified_time(DateTime::default());
    for entry in entries {
        let mode = if entry.is_program { 0o755 } else { 0o644 };
        writer.start_file(entry.name.as_str(), options.unix_permissions(mode))?;
        writer.write_all(&entry.bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}
