//! A few thousand of a chunk's rows: their wanted columns, and the rows' own bytes to write again.

use super::chunk::Chunk;
use super::field;
use super::number;
use super::output::{Placement, Values};
use super::plan::Plan;
use super::record::line_ending_len;
use super::text_column::TextColumn;
use crate::Error;
use crate::cross::Raw;

/// Rows of a tile, by default: a tile of a dozen columns stays in the L2 cache.
pub const DEFAULT_ROWS_PER_TILE: usize = 2048;

/// One wanted column of a tile.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// For [`super::Kind::Number`]; a missing number is NaN.
    Number(Vec<f64>),
    /// For [`super::Kind::Text`].
    Text(TextColumn),
}

/// Which forms the cells of a number column have in this tile. In pandas a column with both is
/// text, which a model of numbers refuses: the caller joins the forms of all tiles and does so too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NumberForms {
    /// There is a number.
    pub numbers: bool,
    /// There is a `True` or `False`.
    pub booleans: bool,
}

impl NumberForms {
    /// Whether there are both.
    pub fn is_mixed(self) -> bool {
        self.numbers && self.booleans
    }

    /// The forms of two stretches of rows together.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { numbers: self.numbers || other.numbers, booleans: self.booleans || other.booleans }
    }
}

/// Some rows of a chunk.
#[derive(Debug)]
pub struct Tile<'a> {
    /// The wanted columns, in the plan's order, each of `n_rows` rows. They may be taken out.
    pub columns: Vec<Column>,
    /// Per column of `columns`; nothing is set for a text column.
    pub number_forms: Vec<NumberForms>,
    pub(super) chunk: &'a Chunk,
    pub(super) plan: &'a Plan,
    pub(super) rows: Vec<Row>,
    /// Where the replaced fields are: for each row as many as the plan replaces.
    pub(super) spans: Vec<Span>,
}

/// A row's bytes in the chunk, without line ending, and how many fields it has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) span: Span,
    pub(super) n_fields: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// Positions in a chunk, which the reader keeps below 2 GiB.
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    pub(super) fn start(self) -> usize {
        self.start as usize
    }
}

impl Tile<'_> {
    /// How many rows.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// The physical line, from 1, on which row `row` of the tile starts: to name it in an error.
    pub fn line(&self, row: usize) -> u64 {
        let start = self.rows.get(row).map_or(0, |row| row.span.start as usize);
        self.chunk.place(start).line.unwrap_or_default()
    }

    /// Appends each row: its own bytes with the values of replaced columns put in place, then the
    /// values of the further outputs, then its own line ending. A row with too few fields is filled
    /// up with empty ones first. `outputs` are in the order of the plan's names.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Usage`] unless there is one value per row and output, and a label per code.
    pub fn write(&self, outputs: &[Values<'_>], out: &mut Vec<u8>) -> Result<(), Error> {
        let n_expected = self.plan.placements.len();
        if outputs.len() != n_expected {
            let found = outputs.len();
            return Err(Error::usage(format!("{found} outputs, the plan has {n_expected}")));
        }
        for values in outputs {
            values.check(self.n_rows())?;
        }
        let n_bytes = match (self.rows.first(), self.rows.last()) {
            (Some(first), Some(last)) => (last.span.end - first.span.start) as usize,
            _ => 0,
        };
        // Room for a line ending or a few, and for numbers of full length.
        out.reserve(n_bytes + self.n_rows() * (2 + 26 * outputs.len()));
        for (index, row) in self.rows.iter().enumerate() {
            self.write_row(index, row, outputs, out);
        }
        Ok(())
    }

    /// Calls `each` with every cell of row `row`, each column's once: what a short row lacks is missing.
    pub(crate) fn for_each_cell(&self, row: usize, mut each: impl FnMut(usize, Raw<'_>)) {
        let Some(row) = self.rows.get(row) else { return };
        let bytes = self.chunk.bytes();
        let mut start = row.span.start as usize;
        for column in 0..self.plan.names.len() {
            if row.n_fields as usize <= column {
                each(column, Raw::Missing);
                continue;
            }
            let field = field::scan(bytes, start, self.plan.delimiter);
            let raw = bytes.get(start..field.end).unwrap_or_default();
            start = field.end + 1;
            each(column, number::raw(if field.quoted { field::unquote(raw) } else { raw.into() }));
        }
    }

    #[inline]
    fn write_row(&self, index: usize, row: &Row, outputs: &[Values<'_>], out: &mut Vec<u8>) {
        let delimiter = self.plan.delimiter;
        let bytes = self.chunk.bytes();
        let width = self.plan.names.len();
        let row_start = out.len();
        if self.plan.replaced.is_empty() {
            let (start, end) = (row.span.start as usize, row.span.end as usize);
            out.extend_from_slice(bytes.get(start..end).unwrap_or_default());
            let n_missing = width.saturating_sub(row.n_fields as usize);
            out.resize(out.len() + n_missing, delimiter);
        } else {
            self.write_replaced(index, row, outputs, out);
        }
        for (values, placement) in outputs.iter().zip(&self.plan.placements) {
            if *placement == Placement::Append {
                out.push(delimiter);
                values.write(index, delimiter, out);
            }
        }
        if out.len() == row_start {
            // One column, replaced by nothing: without quotes the row would be a blank line.
            out.extend_from_slice(b"\"\"");
        }
        let end = row.span.end as usize;
        let ending = end..end + line_ending_len(bytes, end);
        out.extend_from_slice(bytes.get(ending).unwrap_or_default());
    }

    fn write_replaced(&self, index: usize, row: &Row, outputs: &[Values<'_>], out: &mut Vec<u8>) {
        let delimiter = self.plan.delimiter;
        let bytes = self.chunk.bytes();
        let n_fields = row.n_fields as usize;
        let first = index * self.plan.replaced.len();
        let spans = self.spans.get(first..).unwrap_or_default();
        let mut copied = row.span.start as usize;
        let mut n_written = n_fields;
        for (&(column, output), span) in self.plan.replaced.iter().zip(spans) {
            let Some(values) = outputs.get(output) else { continue };
            if column < n_fields {
                out.extend_from_slice(bytes.get(copied..span.start as usize).unwrap_or_default());
                copied = span.end as usize;
            } else {
                let row_end = row.span.end as usize;
                out.extend_from_slice(bytes.get(copied..row_end).unwrap_or_default());
                copied = row_end;
                out.resize(out.len() + column + 1 - n_written, delimiter);
                n_written = column + 1;
            }
            values.write(index, delimiter, out);
        }
        out.extend_from_slice(bytes.get(copied..row.span.end as usize).unwrap_or_default());
        out.resize(out.len() + self.plan.names.len().saturating_sub(n_written), delimiter);
    }
}
