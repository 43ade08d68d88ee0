//! The zip archive of `torch.save`: entries are stored as they are, so each is a span of the file.
//!
//! The central directory at the end says where each entry's own header is; behind that header, a name
//! and padding stands the content. Zip64 fields are read where the 32-bit ones are all ones.
//!
//! Source: PKWARE's APPNOTE.TXT 4.3; caffe2/serialize/inline_container.cc for what PyTorch writes.

use std::ops::Range;

use object_graph::{Builder, ByteOrder};

use super::tensors::Storages;
use crate::error::Fault;
use crate::limits::Limits;
use crate::pickle::{self, Outside, Parsed};

pub(super) const MAGIC: &[u8] = b"PK\x03\x04";
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";
/// The end record, and the longest comment behind it.
const END_LEN: usize = 22;
const LONGEST_COMMENT: usize = 0xffff;
/// What an entry takes in memory beside its name.
const ENTRY_BYTES: usize = 160;

/// Whether the archive is PyTorch's.
pub(super) fn is_torch(bytes: &[u8]) -> bool {
    entries(bytes).is_ok_and(|mut all| {
        all.any(|it| it.is_ok_and(|it| is_file(it.name, b"data.pkl") || it.name == b"data.pkl"))
    })
}

/// Runs the machine over `data.pkl`; gives also the storages.
pub(super) fn parse(mut builder: Builder, limits: &Limits) -> Result<(Parsed, Storages), Fault> {
    let (count, names) = sizes(builder.input())?;
    builder.budget().charge(count.saturating_mul(ENTRY_BYTES).saturating_add(names))?;
    let Archive { pickle, storages } = archive(builder.input())?;
    let (parsed, end) = pickle::parse_part(builder, pickle.clone(), Outside::Storages, limits)?;
    if end != pickle.end {
        let text = format!("{} bytes follow the pickle in data.pkl", pickle.end - end);
        return Err(Fault::malformed(text).or_at(end));
    }
    Ok((parsed, storages))
}

/// How many entries there are, and the bytes of their names.
fn sizes(bytes: &[u8]) -> Result<(usize, usize), Fault> {
    let mut sizes = (0, 0);
    for entry in entries(bytes)? {
        sizes = (sizes.0 + 1, sizes.1 + entry?.name.len());
    }
    Ok(sizes)
}

struct Archive {
    pickle: Range<usize>,
    storages: Storages,
}

fn archive(bytes: &[u8]) -> Result<Archive, Fault> {
    let mut pickle = None;
    for entry in entries(bytes)? {
        let entry = entry?;
        if is_file(entry.name, b"constants.pkl") {
            return Err(Fault::unsupported(
                "this is TorchScript (torch.jit.save), which is code; save the state_dict instead: \
                 torch.save(model.state_dict(), path)",
            ));
        }
        let Some(folder) = entry.name.strip_suffix(b"data.pkl") else { continue };
        if folder.is_empty() || folder.ends_with(b"/") {
            if pickle.is_some() {
                return Err(Fault::malformed("the archive holds data.pkl twice"));
            }
            pickle = Some((folder, entry.content(bytes)?));
        }
    }
    let Some((folder, pickle)) = pickle else {
        return Err(Fault::malformed("the archive has no data.pkl"));
    };
    let mut storages = Storages::default();
    for entry in entries(bytes)? {
        let entry = entry?;
        let Some(name) = entry.name.strip_prefix(folder) else { continue };
        if name == b"byteorder" {
            storages.order = byte_order(bytes.get(entry.content(bytes)?).unwrap_or_default())?;
        } else if let Some(key) = name.strip_prefix(b"data/") {
            storages.add(key, entry.content(bytes)?);
        }
    }
    Ok(Archive { pickle, storages })
}

fn byte_order(text: &[u8]) -> Result<ByteOrder, Fault> {
    match text {
        b"little" => Ok(ByteOrder::Little),
        b"big" => Ok(ByteOrder::Big),
        _ => Err(Fault::malformed("byteorder is neither little nor big")),
    }
}

/// Whether `path` is a file of this name in some folder.
fn is_file(path: &[u8], name: &[u8]) -> bool {
    path.strip_suffix(name).is_some_and(|folder| folder.ends_with(b"/"))
}

/// What the central directory says of one entry.
struct Entry<'b> {
    name: &'b [u8],
    /// Where in the directory it stands.
    at: usize,
    flags: u16,
    method: u16,
    compressed: u64,
    len: u64,
    header: u64,
}

impl Entry<'_> {
    /// Where its content is.
    fn content(&self, bytes: &[u8]) -> Result<Range<usize>, Fault> {
        let fault = |it: Fault| it.or_at(self.at);
        if self.flags & 1 != 0 {
            return Err(fault(Fault::unsupported("an encrypted entry")));
        }
        if self.method != 0 || self.compressed != self.len {
            let text = "a compressed entry; PyTorch stores them as they are: save the file again with torch.save";
            return Err(fault(Fault::unsupported(text)));
        }
        let truncated = || fault(Fault::truncated("an entry of the archive"));
        let header = usize::try_from(self.header).map_err(|_| truncated())?;
        let fields = bytes.get(header..).and_then(|it| it.get(..30)).ok_or_else(truncated)?;
        if !fields.starts_with(MAGIC) {
            return Err(fault(Fault::malformed("an entry's header is not where the archive says")));
        }
        let skip = 30 + usize::from(u16_at(fields, 26)) + usize::from(u16_at(fields, 28));
        let start = header.checked_add(skip).ok_or_else(truncated)?;
        let len = usize::try_from(self.len).map_err(|_| truncated())?;
        let end = start.checked_add(len).filter(|it| *it <= bytes.len()).ok_or_else(truncated)?;
        Ok(start..end)
    }
}

/// The entries of the central directory, in its order.
fn entries(
    bytes: &[u8],
) -> Result<impl Iterator<Item = Result<Entry<'_>, Fault>> + use<'_>, Fault> {
    let Directory { span, count } = directory(bytes)?;
    let (mut at, end) = (span.start, span.end);
    let entries = (0..count).map(move |_| {
        let (entry, next) = entry(bytes, at, end)?;
        at = next;
        Ok(entry)
    });
    // After a fault the place of the next entry is unknown.
    let mut failed = false;
    Ok(entries.take_while(move |it| !std::mem::replace(&mut failed, it.is_err())))
}

/// The entry at `at`, and where the next one begins.
fn entry(bytes: &[u8], at: usize, end: usize) -> Result<(Entry<'_>, usize), Fault> {
    let truncated = || Fault::truncated("the archive's directory").or_at(at);
    let rest = bytes.get(at..end).ok_or_else(truncated)?;
    let fields = rest.get(..46).ok_or_else(truncated)?;
    if !fields.starts_with(DIRECTORY_ENTRY) {
        return Err(Fault::malformed("the archive's directory is damaged").or_at(at));
    }
    let lens = [28, 30, 32].map(|it| usize::from(u16_at(fields, it)));
    let [name, extra, comment] = lens;
    let name_bytes = rest.get(46..46 + name).ok_or_else(truncated)?;
    let extra_bytes = rest.get(46 + name..46 + name + extra).ok_or_else(truncated)?;
    let mut wide = wide_fields(extra_bytes);
    let mut value = |at| match u32_at(fields, at) {
        u32::MAX => wide.next().ok_or_else(truncated),
        it => Ok(u64::from(it)),
    };
    let (len, compressed, header) = (value(24)?, value(20)?, value(42)?);
    let (flags, method) = (u16_at(fields, 8), u16_at(fields, 10));
    let entry = Entry { name: name_bytes, at, flags, method, compressed, len, header };
    Ok((entry, at + 46 + name + extra + comment))
}

/// The 64-bit values in an entry's extra field 1: length, compressed length, header's place, as far
/// as the directory has no room for them.
fn wide_fields(mut extra: &[u8]) -> impl Iterator<Item = u64> + '_ {
    let mut found: &[u8] = &[];
    while let Some((head, rest)) = extra.split_at_checked(4) {
        let len = usize::from(u16_at(head, 2));
        let Some((field, rest)) = rest.split_at_checked(len) else { break };
        if u16_at(head, 0) == 1 {
            found = field;
            break;
        }
        extra = rest;
    }
    found.as_chunks::<8>().0.iter().map(|it| u64::from_le_bytes(*it))
}

struct Directory {
    span: Range<usize>,
    count: u64,
}

/// Where the central directory is, by the record at the end.
fn directory(bytes: &[u8]) -> Result<Directory, Fault> {
    let truncated = || Fault::truncated("a zip archive: it has no directory");
    let from = bytes.len().saturating_sub(END_LEN + LONGEST_COMMENT);
    let tail = bytes.get(from..).unwrap_or_default();
    let at = memchr::memmem::rfind(tail, END).ok_or_else(truncated)? + from;
    let end = bytes.get(at..).and_then(|it| it.get(..END_LEN)).ok_or_else(truncated)?;
    let mut count = u64::from(u16_at(end, 10));
    let mut len = u64::from(u32_at(end, 12));
    let mut start = u64::from(u32_at(end, 16));
    if let Some(wide) = wide_end(bytes, at) {
        (count, len, start) = (u64_at(wide, 32), u64_at(wide, 40), u64_at(wide, 48));
    }
    let range = || {
        let start = usize::try_from(start).ok()?;
        let end = start.checked_add(usize::try_from(len).ok()?)?;
        (end <= at).then_some(start..end)
    };
    let span = range().ok_or_else(|| {
        Fault::malformed("the archive's directory lies outside of the file").or_at(at)
    })?;
    Ok(Directory { span, count })
}

/// The zip64 record that a locator before the end record points to.
fn wide_end(bytes: &[u8], end: usize) -> Option<&[u8]> {
    let locator = bytes.get(end.checked_sub(20)?..end)?;
    if !locator.starts_with(LOCATOR_64) {
        return None;
    }
    let at = usize::try_from(u64_at(locator, 8)).ok()?;
    let record = bytes.get(at..)?.get(..56)?;
    record.starts_with(END_64).then_some(record)
}

/// The integer at `at` of fields that are long enough.
fn u16_at(fields: &[u8], at: usize) -> u16 {
    let cell = fields.get(at..).and_then(|it| it.first_chunk());
    cell.map_or(0, |it| u16::from_le_bytes(*it))
}

fn u32_at(fields: &[u8], at: usize) -> u32 {
    let cell = fields.get(at..).and_then(|it| it.first_chunk());
    cell.map_or(0, |it| u32::from_le_bytes(*it))
}

fn u64_at(fields: &[u8], at: usize) -> u64 {
    let cell = fields.get(at..).and_then(|it| it.first_chunk());
    cell.map_or(0, |it| u64::from_le_bytes(*it))
}
