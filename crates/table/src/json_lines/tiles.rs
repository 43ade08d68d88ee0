//! Parsing: from a chunk's lines to tiles, one pass over each line.

use super::chunk::Chunk;
use super::output;
use super::plan::Plan;
use super::row::{Value, for_each_value};
use crate::cross::Raw;
use crate::csv::{Column, Kind, TextColumn, Values};
use crate::{Error, ErrorKind, Place};

/// The tiles of a chunk, one after the other.
#[derive(Debug)]
pub struct Tiles<'a> {
    tile: Tile<'a>,
    rows_per_tile: usize,
    /// Where the next line starts in the chunk.
    position: usize,
}

/// Some rows of a chunk.
#[derive(Debug)]
pub struct Tile<'a> {
    /// The wanted columns, in the plan's order, each of `n_rows` rows. They may be taken out.
    pub columns: Vec<Column>,
    chunk: &'a Chunk,
    plan: &'a Plan,
    rows: Vec<Row>,
    /// Values to be replaced: for each row as many as there are outputs.
    replaced: Vec<Option<Span>>,
}

/// Positions in a chunk, which the reader keeps below 2 GiB.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
}

/// A line: its object's bytes end before `close`, where further keys go.
#[derive(Debug, Clone, Copy)]
struct Row {
    start: u32,
    /// Behind the last value, or behind the brace if there is none.
    close: u32,
    /// Behind the line's ending.
    end: u32,
    is_empty: bool,
}

impl<'a> Tiles<'a> {
    pub(super) fn new(chunk: &'a Chunk, plan: &'a Plan, rows_per_tile: usize) -> Self {
        let tile =
            Tile { columns: Vec::new(), chunk, plan, rows: Vec::new(), replaced: Vec::new() };
        Self { tile, rows_per_tile: rows_per_tile.max(1), position: 0 }
    }

    /// Parses the next tile; `None` after the last. (A tile lives until the next call, so that this
    /// is not an `Iterator`.)
    ///
    /// # Errors
    /// The first bad line's: [`ErrorKind::NotJson`], [`ErrorKind::NotANumber`], [`ErrorKind::NotText`].
    #[expect(clippy::should_implement_trait, reason = "the tile is lent out")]
    pub fn next(&mut self) -> Result<Option<&mut Tile<'a>>, Error> {
        let tile = &mut self.tile;
        tile.rows.clear();
        tile.replaced.clear();
        tile.columns = tile.plan.kinds.iter().map(|kind| empty(*kind)).collect();
        let bytes = tile.chunk.bytes();
        while tile.rows.len() < self.rows_per_tile && self.position < bytes.len() {
            let start = self.position;
            let rest = bytes.get(start..).unwrap_or_default();
            let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            self.position += length;
            tile.add(start, rest.get(..length).unwrap_or_default())?;
        }
        Ok(if tile.rows.is_empty() { None } else { Some(tile) })
    }
}

fn empty(kind: Kind) -> Column {
    match kind {
        Kind::Number => Column::Number(Vec::new()),
        Kind::Text => Column::Text(TextColumn::default()),
    }
}

/// What is wrong with a line.
pub(super) fn not_json(line: &[u8], error: &serde_json::Error, place: Place) -> Error {
    if std::str::from_utf8(line).is_err() {
        return Error::new(ErrorKind::NotText, place, "the line is not UTF-8");
    }
    let text = error.to_string();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    let at = error.column();
    let found = line.get(at.saturating_sub(1)..).unwrap_or_default();
    let hint = match found {
        [b'N' | b'I', ..] | [b'-', b'I', ..] => "; JSON has no NaN and no Infinity: write null",
        _ => "",
    };
    let message = format!("not a JSON object: {what} at byte {at} of the line{hint}");
    Error::new(ErrorKind::NotJson, place, message)
}

impl Tile<'_> {
    /// How many rows.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// The line, from 1, that row `row` of the tile is: to name it in an error.
    pub fn line(&self, row: usize) -> u64 {
        let start = self.rows.get(row).map_or(0, |row| row.start as usize);
        self.chunk.place(start).line.unwrap_or_default()
    }

    /// Calls `each` with every key of row `row` and what it holds. A key that is there twice is told twice.
    pub(crate) fn for_each_cell(&self, row: usize, mut each: impl FnMut(&str, Raw<'_>)) {
        let Some(row) = self.rows.get(row) else { return };
        let line = self.chunk.bytes().get(row.start as usize..row.end as usize);
        let text = std::str::from_utf8(line.unwrap_or_default()).unwrap_or_default();
        // The line was checked when it became a row.
        let _ = for_each_value(text, |key, raw| each(key, Value::of(raw).raw()));
    }

    /// Parses a line; a blank one is none.
    fn add(&mut self, start: usize, line: &[u8]) -> Result<(), Error> {
        let text = std::str::from_utf8(line).map_err(|_| {
            Error::new(ErrorKind::NotText, self.chunk.place(start), "the line is not UTF-8")
        })?;
        if text.trim_ascii().is_empty() {
            return Ok(());
        }
        let (plan, row) = (self.plan, self.rows.len());
        let n_outputs = plan.keys.len();
        self.replaced.resize((row + 1) * n_outputs, None);
        let mut values: Vec<Option<&str>> = vec![None; plan.kinds.len()];
        let mut is_empty = true;
        let done = for_each_value(text, |key, raw| {
            is_empty = false;
            let action = plan.action(key);
            // Of a key that is there twice, the last value counts, as in Python.
            if let Some(value) = action.slot.and_then(|slot| values.get_mut(slot)) {
                *value = Some(raw);
            }
            if let Some(output) = action.output
                && let Some(span) = self.replaced.get_mut(row * n_outputs + output)
            {
                let at = start + (raw.as_ptr() as usize - text.as_ptr() as usize);
                *span = Some(Span { start: at as u32, end: (at + raw.len()) as u32 });
            }
        });
        done.map_err(|error| not_json(line, &error, self.chunk.place(start)))?;
        for (slot, raw) in values.into_iter().enumerate() {
            self.push(slot, raw).map_err(|fault| self.fault(fault, slot, start))?;
        }
        let body = text.trim_ascii_end();
        let close = body.strip_suffix('}').unwrap_or(body).trim_ascii_end().len();
        let (start, end) = (start as u32, (start + line.len()) as u32);
        self.rows.push(Row { start, close: start + close as u32, end, is_empty });
        Ok(())
    }

    fn push(&mut self, slot: usize, raw: Option<&str>) -> Result<(), (ErrorKind, String)> {
        let value = raw.map_or(Value::Missing, Value::of);
        let shown = || raw.unwrap_or_default().chars().take(60).collect::<String>();
        match self.columns.get_mut(slot) {
            Some(Column::Number(all)) => match number(&value) {
                Some(number) => all.push(number),
                None => {
                    let text = format!("{} is not a number", shown());
                    return Err((ErrorKind::NotANumber, text));
                }
            },
            Some(Column::Text(all)) => match &value {
                Value::Missing => all.push(None),
                Value::Text(text) => all.push(Some(text)),
                Value::Number(digits) => all.push(Some(digits)),
                Value::Boolean(true) => all.push(Some("True")),
                Value::Boolean(false) => all.push(Some("False")),
                Value::Nested | Value::Broken => {
                    return Err((ErrorKind::NotText, format!("{} is not text", shown())));
                }
            },
            None => {}
        }
        Ok(())
    }

    fn fault(&self, (kind, text): (ErrorKind, String), slot: usize, start: usize) -> Error {
        let name = self.plan.names.get(slot).map_or("", String::as_str);
        Error::new(kind, self.chunk.place(start).with_column(name), text)
    }

    /// Appends each line as it stands, with the values of replaced keys put in place and further ones
    /// before the closing brace. `outputs` are in the order of the plan's names.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] unless there is one value per row and output, and a label per code.
    pub fn write(&self, outputs: &[Values<'_>], out: &mut Vec<u8>) -> Result<(), Error> {
        let n_outputs = self.plan.keys.len();
        if outputs.len() != n_outputs {
            let found = outputs.len();
            return Err(Error::usage(format!("{found} outputs, the plan has {n_outputs}")));
        }
        outputs.iter().try_for_each(|values| values.check(self.n_rows()))?;
        for (index, row) in self.rows.iter().enumerate() {
            let spans = self.replaced.get(index * n_outputs..(index + 1) * n_outputs);
            self.write_row(index, row, spans.unwrap_or_default(), outputs, out);
        }
        Ok(())
    }

    fn write_row(
        &self,
        index: usize,
        row: &Row,
        spans: &[Option<Span>],
        outputs: &[Values<'_>],
        out: &mut Vec<u8>,
    ) {
        let copy = |from: u32, to: u32, out: &mut Vec<u8>| {
            let bytes = self.chunk.bytes().get(from as usize..to as usize);
            out.extend_from_slice(bytes.unwrap_or_default());
        };
        let mut places: Vec<(Span, &Values<'_>)> = spans
            .iter()
            .zip(outputs)
            .filter_map(|(span, values)| Some(((*span)?, values)))
            .collect();
        places.sort_unstable_by_key(|(span, _)| span.start);
        let mut copied = row.start;
        for (span, values) in places {
            copy(copied, span.start, out);
            output::write(values, index, out);
            copied = span.end;
        }
        copy(copied, row.close, out);
        let mut is_empty = row.is_empty;
        for ((key, values), span) in self.plan.keys.iter().zip(outputs).zip(spans) {
            if span.is_some() {
                continue;
            }
            if !is_empty {
                out.push(b',');
            }
            is_empty = false;
            out.extend_from_slice(key.as_bytes());
            output::write(values, index, out);
        }
        copy(row.close, row.end, out);
    }
}

/// A value as a number: `pandas.read_json` makes numbers of a column of texts that all are.
fn number(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Missing => Some(f64::NAN),
        Value::Boolean(value) => Some(f64::from(u8::from(*value))),
        Value::Number(digits) => fast_float2::parse(digits).ok(),
        Value::Text(text) => fast_float2::parse(text.trim()).ok(),
        Value::Nested | Value::Broken => None,
    }
}
