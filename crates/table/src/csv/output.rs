//! Values out: where each output column goes, and how its values are written.

use std::collections::HashSet;

use super::header::Header;
use super::number_text::{write_f32, write_f64, write_int};
use super::text_column::TextColumn;
use crate::Error;

/// The values of one output column for a tile's rows, one per row. A NaN and a missing text are
/// written as nothing, as pandas does.
#[derive(Debug, Clone, Copy)]
pub enum Values<'a> {
    /// As Python's `repr`.
    Float64(&'a [f64]),
    /// As numpy's `str`: the shortest digits for a float32.
    Float32(&'a [f32]),
    /// In full.
    Int(&'a [i64]),
    /// `True` and `False`.
    Bool(&'a [bool]),
    /// Row `i` is `labels[codes[i]]`.
    Codes {
        /// A label's index per row.
        codes: &'a [u32],
        /// What is written; quoted only where CSV needs it.
        labels: &'a [String],
    },
    /// Quoted only where CSV needs it.
    Text(&'a TextColumn),
}

impl Values<'_> {
    /// How many rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Float64(values) => values.len(),
            Self::Float32(values) => values.len(),
            Self::Int(values) => values.len(),
            Self::Bool(values) => values.len(),
            Self::Codes { codes, .. } => codes.len(),
            Self::Text(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// That there is one value per row and each code has a label.
    pub(crate) fn check(&self, n_rows: usize) -> Result<(), Error> {
        if self.len() != n_rows {
            let found = self.len();
            return Err(Error::usage(format!("an output has {found} values for {n_rows} rows")));
        }
        if let Self::Codes { codes, labels } = self
            && let Some(code) = codes.iter().find(|&&code| code as usize >= labels.len())
        {
            let n = labels.len();
            return Err(Error::usage(format!("an output has code {code} of {n} labels")));
        }
        Ok(())
    }

    /// Appends row `row`; nothing if there is no such row.
    #[inline]
    pub(crate) fn write(&self, row: usize, delimiter: u8, out: &mut Vec<u8>) {
        match self {
            Self::Float64(values) => match values.get(row) {
                Some(value) if !value.is_nan() => write_f64(*value, out),
                _ => {}
            },
            Self::Float32(values) => match values.get(row) {
                Some(value) if !value.is_nan() => write_f32(*value, out),
                _ => {}
            },
            Self::Int(values) => {
                if let Some(value) = values.get(row) {
                    write_int(*value, out);
                }
            }
            Self::Bool(values) => match values.get(row) {
                Some(true) => out.extend_from_slice(b"True"),
                Some(false) => out.extend_from_slice(b"False"),
                None => {}
            },
            Self::Codes { codes, labels } => {
                let label = codes.get(row).and_then(|&code| labels.get(code as usize));
                write_text(label.map_or("", String::as_str), delimiter, out);
            }
            Self::Text(values) => {
                write_text(values.get(row).unwrap_or_default(), delimiter, out);
            }
        }
    }
}

/// Where an output column goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// Behind the row's last field.
    Append,
    /// In place of the header's column of the same name.
    Replace(usize),
}

/// Where each output goes, in the order of `outputs`.
pub(super) fn placements<S: AsRef<str>>(
    header: &Header,
    outputs: &[S],
) -> Result<Vec<Placement>, Error> {
    check_names(outputs)?;
    let place = |name| header.position(name).map_or(Placement::Append, Placement::Replace);
    Ok(outputs.iter().map(AsRef::as_ref).map(place).collect())
}

/// That no two outputs have one name.
pub(crate) fn check_names<S: AsRef<str>>(outputs: &[S]) -> Result<(), Error> {
    let mut seen = HashSet::new();
    match outputs.iter().map(AsRef::as_ref).find(|name| !seen.insert(*name)) {
        Some(name) => Err(Error::usage(format!("two outputs are named {name:?}"))),
        None => Ok(()),
    }
}

/// Appends text as Python's `csv.QUOTE_MINIMAL`: quoted if it holds the delimiter, a quote or a
/// line break.
pub(crate) fn write_text(text: &str, delimiter: u8, out: &mut Vec<u8>) {
    let special = |byte: &u8| *byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r');
    if !text.as_bytes().iter().any(special) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for &byte in text.as_bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}
