//! The header record: column names as pandas makes them, and its own bytes to write again.

use std::collections::HashMap;
use std::sync::Arc;

use super::field::{self, Stop};
use super::output::{Placement, placements, write_text};
use super::record::line_ending_len;
use crate::{Error, ErrorKind, Place};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How a record ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnding {
    /// `\n`
    Lf,
    /// `\r\n`
    CrLf,
    /// `\r`
    Cr,
    /// The end of the file.
    None,
}

impl LineEnding {
    /// Its bytes.
    pub fn as_bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
            Self::Cr => b"\r",
            Self::None => b"",
        }
    }

    fn at(bytes: &[u8], position: usize) -> Self {
        match (line_ending_len(bytes, position), bytes.get(position)) {
            (2, _) => Self::CrLf,
            (1, Some(b'\n')) => Self::Lf,
            (1, _) => Self::Cr,
            _ => Self::None,
        }
    }
}

/// A table's first record.
#[derive(Debug, Clone)]
pub struct Header {
    pub(super) file: Arc<str>,
    pub(super) delimiter: u8,
    names: Vec<String>,
    raw: Vec<u8>,
    line_ending: LineEnding,
    byte_order_mark: bool,
}

impl Header {
    /// The header that `bytes` start with, and the position after it.
    pub(super) fn parse(
        bytes: &[u8],
        byte_order_mark: bool,
        delimiter: u8,
        file: &Arc<str>,
        line: u64,
    ) -> Result<(Self, usize), Error> {
        let mut cells = Vec::new();
        let mut start = 0;
        let end = loop {
            let field = field::scan(bytes, start, delimiter);
            let raw = bytes.get(start..field.end).unwrap_or_default();
            let cell = if field.quoted { field::unquote(raw) } else { raw.into() };
            let Ok(name) = std::str::from_utf8(&cell) else {
                let message = format!("the name of column {} is not UTF-8", cells.len() + 1);
                return Err(Error::new(ErrorKind::Header, Place::line(file, line), message));
            };
            cells.push(name.to_owned());
            match field.stop {
                Stop::Delimiter => start = field.end + 1,
                Stop::LineEnd | Stop::OpenQuote => break field.end,
            }
        };
        let header = Self {
            file: Arc::clone(file),
            delimiter,
            names: unique_names(cells),
            raw: bytes.get(..end).unwrap_or_default().to_vec(),
            line_ending: LineEnding::at(bytes, end),
            byte_order_mark,
        };
        Ok((header, end + line_ending_len(bytes, end)))
    }

    /// The columns' names, in order, each once: as pandas, a second `x` is `x.1`, and an empty
    /// name is `Unnamed: 3` in column 3 (from 0).
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The index of the column of this name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|own| own == name)
    }

    /// The record's own bytes, without byte order mark and line ending.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// How the record ends.
    pub fn line_ending(&self) -> LineEnding {
        self.line_ending
    }

    /// The byte between fields.
    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Appends the record, a byte order mark included, with `outputs` as further columns. An output
    /// of an existing column's name replaces that column's values: it adds no name.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] if two outputs have one name.
    pub fn write<S: AsRef<str>>(&self, outputs: &[S], out: &mut Vec<u8>) -> Result<(), Error> {
        if self.byte_order_mark {
            out.extend_from_slice(BYTE_ORDER_MARK);
        }
        out.extend_from_slice(&self.raw);
        for (placement, name) in placements(self, outputs)?.iter().zip(outputs) {
            if *placement == Placement::Append {
                out.push(self.delimiter);
                write_text(name.as_ref(), self.delimiter, out);
            }
        }
        out.extend_from_slice(self.line_ending.as_bytes());
        Ok(())
    }
}

/// Takes a UTF-8 byte order mark off. UTF-16 is refused by name.
pub(super) fn strip_byte_order_mark<'a>(
    bytes: &'a [u8],
    file: &str,
) -> Result<(bool, &'a [u8]), Error> {
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = bytes {
        let message = "the file is UTF-16; save it as UTF-8";
        return Err(Error::new(ErrorKind::Header, Place::file(file), message));
    }
    Ok(bytes.strip_prefix(BYTE_ORDER_MARK).map_or((false, bytes), |rest| (true, rest)))
}

/// Names each column once, as `TextReader._get_header` of `pandas/_libs/parsers.pyx` (3.1): columns
/// with a name first, then the unnamed, so that a given name is kept.
fn unique_names(mut names: Vec<String>) -> Vec<String> {
    let unnamed: Vec<bool> = names.iter().map(String::is_empty).collect();
    for (index, name) in names.iter_mut().enumerate().filter(|(_, name)| name.is_empty()) {
        *name = format!("Unnamed: {index}");
    }
    let mut taken: HashMap<String, usize> = HashMap::new();
    for name in &names {
        *taken.entry(name.clone()).or_default() += 1;
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    let named_first = (0..names.len()).filter(|&i| unnamed.get(i) == Some(&false));
    let unnamed_last = (0..names.len()).filter(|&i| unnamed.get(i) == Some(&true));
    for index in named_first.chain(unnamed_last) {
        let Some(name) = names.get_mut(index) else { continue };
        let mut count = counts.get(name.as_str()).copied().unwrap_or(0);
        if count > 0 {
            let old = name.clone();
            while count > 0 {
                counts.insert(old.clone(), count + 1);
                *name = format!("{old}.{count}");
                // A name that another column has, or gets, is stepped over.
                count = match taken.contains_key(name.as_str()) {
                    true => count + 1,
                    false => counts.get(name.as_str()).copied().unwrap_or(0),
                };
            }
            *taken.entry(name.clone()).or_default() += 1;
        }
        counts.insert(name.clone(), count + 1);
    }
    names
}
