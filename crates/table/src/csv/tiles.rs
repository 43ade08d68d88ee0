//! Parsing: from a chunk's bytes to tiles, one pass over each row.

use super::chunk::Chunk;
use super::field::{self, Stop};
use super::number::{self, Cell};
use super::plan::{Action, Kind, Plan, Step};
use super::record::{line_ending_len, skip_blank_lines};
use super::text_column::TextBuilder;
use super::tile::{Column, NumberForms, Row, Span, Tile};
use crate::{Error, ErrorKind};

/// The tiles of a chunk, one after the other in the same memory.
#[derive(Debug)]
pub struct Tiles<'a> {
    tile: Tile<'a>,
    rows_per_tile: usize,
    /// Where the next row starts in the chunk.
    position: usize,
    /// The tile's columns while they grow; at each column's place one of the two is used.
    numbers: Vec<Vec<f64>>,
    texts: Vec<TextBuilder>,
    others: Vec<Others>,
}

/// Cells of a number column that are no numbers: these few are counted, not the many that are.
#[derive(Debug, Clone, Default)]
struct Others {
    missing: usize,
    booleans: usize,
}

/// A bad cell or row: the error, and the table's column it was met in.
struct Fault {
    error: Error,
    column: usize,
}

impl<'a> Tiles<'a> {
    pub(super) fn new(chunk: &'a Chunk, plan: &'a Plan, rows_per_tile: usize) -> Self {
        let tile = Tile {
            columns: Vec::new(),
            number_forms: Vec::new(),
            chunk,
            plan,
            rows: Vec::new(),
            spans: Vec::new(),
        };
        Self {
            tile,
            rows_per_tile: rows_per_tile.max(1),
            position: 0,
            numbers: Vec::new(),
            texts: Vec::new(),
            others: Vec::new(),
        }
    }

    /// Parses the next tile; `None` after the last. (A tile lives until the next call, so that this
    /// is not an `Iterator`.)
    ///
    /// # Errors
    /// The first bad row's, with its line: [`ErrorKind::RowTooLong`], [`ErrorKind::NotANumber`],
    /// [`ErrorKind::NotText`].
    #[expect(clippy::should_implement_trait, reason = "the tile is lent out")]
    pub fn next(&mut self) -> Result<Option<&mut Tile<'a>>, Error> {
        self.clear();
        if let Err(fault) = self.parse_rows() {
            return Err(self.earlier_bad_text(fault.column).unwrap_or(fault.error));
        }
        if let Some(error) = self.earlier_bad_text(0) {
            return Err(error);
        }
        self.finish_columns()?;
        Ok(if self.tile.rows.is_empty() { None } else { Some(&mut self.tile) })
    }

    /// Takes the last tile's storage back, as far as the caller has left it.
    fn clear(&mut self) {
        let kinds = &self.tile.plan.kinds;
        self.numbers.resize_with(kinds.len(), Vec::new);
        self.texts.clear();
        let mut columns = std::mem::take(&mut self.tile.columns).into_iter();
        for (kind, numbers) in kinds.iter().zip(&mut self.numbers) {
            let column = columns.next();
            let text = match (kind, column) {
                (Kind::Number, Some(Column::Number(mut storage))) => {
                    storage.clear();
                    *numbers = storage;
                    TextBuilder::default()
                }
                (Kind::Number, _) => TextBuilder::default(),
                (Kind::Text, Some(Column::Text(column))) => TextBuilder::reusing(column),
                (Kind::Text, _) => TextBuilder::reusing(Default::default()),
            };
            self.texts.push(text);
        }
        self.others.clear();
        self.others.resize(kinds.len(), Others::default());
        self.tile.rows.clear();
        self.tile.spans.clear();
    }

    fn parse_rows(&mut self) -> Result<(), Fault> {
        let bytes = self.tile.chunk.bytes();
        let delimiter = self.tile.plan.delimiter;
        while self.tile.rows.len() < self.rows_per_tile {
            let start = skip_blank_lines(bytes, self.position, delimiter);
            if start >= bytes.len() {
                self.position = bytes.len();
                return Ok(());
            }
            let row = self.parse_row(start)?;
            self.tile.rows.push(row.0);
            self.position = row.1;
        }
        Ok(())
    }

    /// Parses the row at `start`; gives it and the position after its line ending.
    #[inline]
    fn parse_row(&mut self, start: usize) -> Result<(Row, usize), Fault> {
        let plan = self.tile.plan;
        let bytes = self.tile.chunk.bytes();
        let mut field_start = start;
        let mut n_fields = 0;
        let mut steps = plan.steps.iter();
        while let Some(step) = steps.next() {
            let (end, stop) = match step.action {
                Action::Skip(n) => {
                    let (end, stop, n_skipped) = skip(bytes, field_start, plan.delimiter, n);
                    n_fields += n_skipped - 1;
                    (end, stop)
                }
                Action::Number(slot) => match number::scan(bytes, field_start, plan.delimiter) {
                    Some(plain) => {
                        self.push_number(slot, plain.value);
                        (plain.end, plain.stop)
                    }
                    None => self.parse_number(start, field_start, slot, n_fields)?,
                },
                Action::Text(slot) => self.parse_text(field_start, slot),
            };
            n_fields += 1;
            if step.is_replaced {
                self.tile.spans.push(Span::new(field_start, end));
            }
            if stop == Stop::Delimiter {
                field_start = end + 1;
                continue;
            }
            if steps.len() > 0 {
                self.fill_up(end, steps.as_slice());
            }
            let row = Row { span: Span::new(start, end), n_fields: n_fields as u32 };
            return Ok((row, end + line_ending_len(bytes, end)));
        }
        Err(self.too_long(start, field_start))
    }

    /// The rest of a row that ended early.
    #[cold]
    fn fill_up(&mut self, row_end: usize, steps: &[Step]) {
        for step in steps {
            self.push_missing(step.action);
            if step.is_replaced {
                self.tile.spans.push(Span::new(row_end, row_end));
            }
        }
    }

    #[inline]
    fn push_number(&mut self, slot: usize, value: f64) {
        if let Some(column) = self.numbers.get_mut(slot) {
            column.push(value);
        }
    }

    fn count_other(&mut self, slot: usize, which: impl Fn(&mut Others) -> &mut usize) {
        if let Some(others) = self.others.get_mut(slot) {
            *which(others) += 1;
        }
    }

    fn push_missing(&mut self, action: Action) {
        match action {
            Action::Skip(_) => {}
            Action::Number(slot) => {
                self.push_number(slot, f64::NAN);
                self.count_other(slot, |others| &mut others.missing);
            }
            Action::Text(slot) => {
                if let Some(column) = self.texts.get_mut(slot) {
                    column.push_missing();
                }
            }
        }
    }

    /// A number's cell in any form: quoted, missing, a boolean, with spaces, very long.
    fn parse_number(
        &mut self,
        row_start: usize,
        start: usize,
        slot: usize,
        column: usize,
    ) -> Result<(usize, Stop), Fault> {
        let bytes = self.tile.chunk.bytes();
        let field = field::scan(bytes, start, self.tile.plan.delimiter);
        let raw = bytes.get(start..field.end).unwrap_or_default();
        let cell = if field.quoted { field::unquote(raw) } else { raw.into() };
        match number::read(&cell) {
            Cell::Missing => self.push_missing(Action::Number(slot)),
            Cell::Number(value) => self.push_number(slot, value),
            Cell::Boolean(value) => {
                self.push_number(slot, f64::from(u8::from(value)));
                self.count_other(slot, |others| &mut others.booleans);
            }
            Cell::Other => {
                let message = format!("{} is not a number", shown(&cell));
                let error = self.error(ErrorKind::NotANumber, row_start, column, message);
                return Err(Fault { error, column });
            }
        }
        Ok((field.end, field.stop))
    }

    fn parse_text(&mut self, start: usize, slot: usize) -> (usize, Stop) {
        let bytes = self.tile.chunk.bytes();
        let field = field::scan(bytes, start, self.tile.plan.delimiter);
        let raw = bytes.get(start..field.end).unwrap_or_default();
        if let Some(column) = self.texts.get_mut(slot) {
            if field.quoted {
                column.push(&field::unquote(raw));
            } else {
                column.push(raw);
            }
        }
        (field.end, field.stop)
    }

    fn finish_columns(&mut self) -> Result<(), Error> {
        let n_rows = self.tile.rows.len();
        let forms =
            self.others.iter().zip(&self.tile.plan.kinds).map(|(others, kind)| NumberForms {
                numbers: *kind == Kind::Number && others.missing + others.booleans < n_rows,
                booleans: others.booleans > 0,
            });
        self.tile.number_forms.clear();
        self.tile.number_forms.extend(forms);
        let columns = self.tile.plan.kinds.iter().zip(&mut self.numbers).zip(&mut self.texts);
        for ((kind, numbers), text) in columns {
            self.tile.columns.push(match kind {
                Kind::Number => Column::Number(std::mem::take(numbers)),
                Kind::Text => Column::Text(std::mem::take(text).finish()?),
            });
        }
        Ok(())
    }

    /// Text is checked a tile at a time. The error of the first cell that is not text, unless it
    /// lies behind `column` of the row being parsed: the first fault in the file's order counts.
    fn earlier_bad_text(&self, column: usize) -> Option<Error> {
        let n_rows = self.tile.rows.len();
        let (row, bad_column) = self.first_bad_text()?;
        if (row, bad_column) >= (n_rows, column) {
            return None;
        }
        // A row that was not finished is the one at the reading position.
        let start = match self.tile.rows.get(row) {
            Some(row) => row.span.start(),
            None => {
                skip_blank_lines(self.tile.chunk.bytes(), self.position, self.tile.plan.delimiter)
            }
        };
        let message = "the text is not UTF-8, or has a NUL byte";
        Some(self.error(ErrorKind::NotText, start, bad_column, message.to_owned()))
    }

    /// Row and table column of the first cell that is not text.
    fn first_bad_text(&self) -> Option<(usize, usize)> {
        let mut column = 0;
        let mut first = None;
        for step in &self.tile.plan.steps {
            if let Action::Text(slot) = step.action
                && let Some(row) = self.texts.get(slot).and_then(TextBuilder::first_bad_row)
                && first.is_none_or(|first| (row, column) < first)
            {
                first = Some((row, column));
            }
            column += if let Action::Skip(n) = step.action { n } else { 1 };
        }
        first
    }

    /// The row at `start` goes on at `position`, behind the header's last column.
    fn too_long(&self, start: usize, position: usize) -> Fault {
        let chunk = self.tile.chunk;
        let expected = self.tile.plan.names.len();
        let rest = skip(chunk.bytes(), position, self.tile.plan.delimiter, usize::MAX);
        let found = expected + rest.2;
        let mut message = format!("the row has {found} fields, the header has {expected}");
        if chunk.index() == 0 && start == 0 {
            // pandas decides by the first row. An index column is no feature; silently
            // shifting every name by one would be the worst that could be done here.
            message += "; pandas would take the first column as the index: name every column";
        }
        let kind = ErrorKind::RowTooLong { found, expected };
        Fault { error: Error::new(kind, chunk.place(start), message), column: expected }
    }

    fn error(&self, kind: ErrorKind, row_start: usize, column: usize, message: String) -> Error {
        let place = self.tile.chunk.place(row_start);
        let name = self.tile.plan.names.get(column).map_or("", String::as_str);
        Error::new(kind, place.with_column(name), message)
    }
}

/// Passes over up to `n` fields of a row; gives the last one's end, what follows, and how many.
#[inline]
fn skip(bytes: &[u8], mut start: usize, delimiter: u8, n: usize) -> (usize, Stop, usize) {
    let mut n_skipped = 0;
    loop {
        let field = field::scan(bytes, start, delimiter);
        n_skipped += 1;
        if n_skipped >= n || field.stop != Stop::Delimiter {
            return (field.end, field.stop, n_skipped);
        }
        start = field.end + 1;
    }
}

/// A cell for an error's text: quoted, not too long.
fn shown(cell: &[u8]) -> String {
    const MAX_CHARS: usize = 60;
    let text = String::from_utf8_lossy(cell.get(..4 * MAX_CHARS).unwrap_or(cell));
    if text.chars().count() <= MAX_CHARS {
        return format!("{text:?}");
    }
    format!("{:?}…", text.chars().take(MAX_CHARS).collect::<String>())
}
