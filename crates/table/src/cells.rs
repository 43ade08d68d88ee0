//! Some rows of a column, in its own type.

use crate::csv::{Column, Kind, TextColumn, Values, write_f64};

/// Values of one column of a Parquet file or of a table on its way to another format; what is missing has a value that counts for nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cells {
    pub(crate) values: Typed,
    /// Per row; empty if nothing is missing.
    pub(crate) missing: Vec<bool>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Typed {
    Bool(Vec<bool>),
    Int(Vec<i64>),
    Float32(Vec<f32>),
    Float64(Vec<f64>),
    /// A missing text is missing here too.
    Text(TextColumn),
}

impl Cells {
    pub(crate) fn is_missing(&self, row: usize) -> bool {
        self.missing.get(row) == Some(&true)
    }

    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        match &self.values {
            Typed::Bool(it) => it.len(),
            Typed::Int(it) => it.len(),
            Typed::Float32(it) => it.len(),
            Typed::Float64(it) => it.len(),
            Typed::Text(it) => it.len(),
        }
    }

    /// As the model wants them; `None` where text is no number.
    pub(crate) fn column(&self, kind: Kind) -> Result<Column, usize> {
        match kind {
            Kind::Text => Ok(Column::Text((0..self.len()).map(|row| self.text(row)).fold(
                TextColumn::default(),
                |mut all, text| {
                    all.push(text.as_deref());
                    all
                },
            ))),
            Kind::Number => Ok(Column::Number(self.numbers()?)),
        }
    }

    /// The first row that is no number, if there is one.
    fn numbers(&self) -> Result<Vec<f64>, usize> {
        let mut numbers: Vec<f64> = match &self.values {
            Typed::Bool(it) => it.iter().map(|it| f64::from(u8::from(*it))).collect(),
            Typed::Int(it) => it.iter().map(|it| *it as f64).collect(),
            Typed::Float32(it) => it.iter().copied().map(f64::from).collect(),
            Typed::Float64(it) => it.clone(),
            Typed::Text(it) => match it.iter().position(|it| it.is_some()) {
                Some(row) => return Err(row),
                None => vec![f64::NAN; it.len()],
            },
        };
        for (number, _) in numbers.iter_mut().zip(&self.missing).filter(|(_, missing)| **missing) {
            *number = f64::NAN;
        }
        Ok(numbers)
    }

    pub(crate) fn text(&self, row: usize) -> Option<std::borrow::Cow<'_, str>> {
        if self.is_missing(row) {
            return None;
        }
        match &self.values {
            Typed::Text(it) => it.get(row).map(Into::into),
            values => {
                let mut out = Vec::new();
                match values {
                    Typed::Float32(it) => write_f64(f64::from(*it.get(row)?), &mut out),
                    values => values.values().write(row, b',', &mut out),
                }
                String::from_utf8(out).ok().map(Into::into)
            }
        }
    }

    /// Appends row `row` as CSV, nothing if it is missing.
    pub(crate) fn write_csv(&self, row: usize, out: &mut Vec<u8>) {
        if !self.is_missing(row) {
            self.values.values().write(row, b',', out);
        }
    }

    /// Appends row `row` as JSON.
    pub(crate) fn write_json(&self, row: usize, out: &mut Vec<u8>) {
        if self.is_missing(row) {
            return out.extend_from_slice(b"null");
        }
        crate::json_lines::write_value(&self.values.values(), row, out);
    }
}

impl Typed {
    fn values(&self) -> Values<'_> {
        match self {
            Self::Bool(it) => Values::Bool(it),
            Self::Int(it) => Values::Int(it),
            Self::Float32(it) => Values::Float32(it),
            Self::Float64(it) => Values::Float64(it),
            Self::Text(it) => Values::Text(it),
        }
    }
}
