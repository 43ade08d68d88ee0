//! From records to the columns that the model was trained on.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Artifacts, ROWS};
use crate::problems::Problems;
use crate::records::{Cell, Columns};
use crate::service::bundle::{is_date, is_datetime};
use crate::{Category, Error};

/// The column that is taken apart.
pub(super) const DATE: &str = "date";
/// What becomes of it.
pub(super) const PARTS: [&str; 3] = ["year", "quarter", "month"];
/// Never a feature: texts that stand beside their encoded columns, and what would tell the target.
pub(super) const DROPPED: [&str; 5] = [DATE, "city_full", "city", "zipcode", "median_sale_price"];

/// What the model is given, and what the caller is told.
pub(super) struct Made {
    pub(super) columns: Columns,
    pub(super) actuals: Option<Vec<Value>>,
    pub(super) warnings: Vec<String>,
    /// What is wrong with the records; those cells are missing.
    pub(super) problems: Problems,
}

impl Artifacts {
    /// The model's columns of these records.
    pub(super) fn features_of(&self, records: &[Value]) -> Result<Made, Error> {
        let mut problems = Problems::default();
        let is_wanted = |it: &str| self.may_be_used(it);
        let mut columns = Columns::noting(ROWS, records, &is_wanted, &mut problems);
        split_dates(&mut columns, &mut problems);
        for encoder in &self.encoders {
            match encoder.apply(&mut columns) {
                Err(err) if err.category() == Category::Data => problems.add(|| err.to_string()),
                done => done?,
            }
        }
        let actuals = columns.position(&self.target);
        let actuals = actuals.map(|at| columns.column(at).iter().map(Cell::to_json).collect());
        let names = columns.names().to_vec();
        let made = columns.select(names.iter().filter(|it| !self.raw.contains(*it)));
        let Some(features) = &self.features else {
            return Ok(Made { columns: made, actuals, warnings: Vec::new(), problems });
        };
        let unused = unused(records, |it| self.may_be_used(it));
        let absent = features.iter().filter(|it| made.position(it).is_none());
        let warnings = unused
            .map(|it| format!("{it} is no feature of the model and was not used"))
            .chain(absent.map(|it| format!("{it} is absent and was taken as 0")));
        let warnings = warnings.collect();
        Ok(Made { columns: made.select(features.iter()), actuals, warnings, problems })
    }

    /// Whether a record's key means anything; without a training table each may be a feature.
    fn may_be_used(&self, name: &str) -> bool {
        self.known.as_ref().is_none_or(|it| it.contains(name))
    }
}

/// The keys of records that mean nothing, each once.
fn unused(records: &[Value], is_used: impl Fn(&str) -> bool) -> impl Iterator<Item = &String> {
    let mut seen = HashSet::new();
    let keys = records.iter().filter_map(Value::as_object).flat_map(Map::keys);
    keys.filter(move |it| !is_used(it) && seen.insert(it.as_str()))
}

/// `pandas.to_datetime`, then `dt.year`, `dt.quarter`, `dt.month`.
fn split_dates(columns: &mut Columns, problems: &mut Problems) {
    let Some(at) = columns.position(DATE) else { return };
    let mut parts: [Vec<Cell>; 3] = Default::default();
    for (row, cell) in columns.column(at).iter().enumerate() {
        let cells = match cell {
            Cell::Null => [Cell::Null, Cell::Null, Cell::Null],
            Cell::Text(text) if text.trim().is_empty() => [Cell::Null, Cell::Null, Cell::Null],
            Cell::Text(text) if year_and_month(text).is_some() => {
                let (year, month) = year_and_month(text).unwrap_or_default();
                [year, (month + 2) / 3, month].map(Cell::Integer)
            }
            other => {
                problems.add(|| {
                    let place = columns.place(Some(row), Some(DATE));
                    format!("{place} is {}, a date such as 2025-10-20 is expected", other.shown())
                });
                [Cell::Null, Cell::Null, Cell::Null]
            }
        };
        parts.iter_mut().zip(cells).for_each(|(part, cell)| part.push(cell));
    }
    PARTS.iter().zip(parts).for_each(|(name, cells)| columns.put(name, cells));
}

/// Year and month of `2025-10-20`, `2025/10/20` or `10/20/2025`, with a time behind it or not.
fn year_and_month(text: &str) -> Option<(i64, i64)> {
    let text = text.trim();
    let (date, time) = text.split_at(text.find(['T', ' ']).unwrap_or(text.len()));
    let separator = if date.contains('/') { '/' } else { '-' };
    let parts: Vec<&str> = date.split(separator).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let (year, month, day) =
        if first.len() == 4 { (first, second, third) } else { (third, first, second) };
    let iso = format!("{year}-{month:0>2}-{day:0>2}{time}");
    let is_date = is_date(&iso) || is_datetime(&iso);
    if is_date { Some((year.parse().ok()?, month.parse().ok()?)) } else { None }
}
