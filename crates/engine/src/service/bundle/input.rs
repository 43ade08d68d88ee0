//! The table `input`, of a request's rows.

use serde_json::{Map, Value};

use super::field::Field;
use super::request::Request;
use crate::problems::Problems;
use crate::records::{Cell, Columns, most_cells};

/// So many names that nobody knows are told.
const MOST_UNKNOWN: usize = 100;

/// What is found while a request is checked.
pub(super) struct Found<'a> {
    /// The day of the request.
    pub(super) today: String,
    pub(super) problems: Problems,
    /// Names that nobody knows.
    pub(super) unknown: Vec<&'a str>,
    /// Columns of the table `input` that no row has.
    pub(super) absent: Vec<&'a str>,
}

impl Found<'_> {
    /// The cell of a field; what is wrong with it is noted.
    pub(super) fn cell(
        &mut self,
        field: &Field,
        value: Option<&Value>,
        place: &dyn Fn() -> String,
    ) -> Cell {
        let cell = match value {
            None | Some(Value::Null) => field.absent(&self.today),
            Some(value) => field.check(value),
        };
        cell.unwrap_or_else(|wrong| {
            self.problems.add(|| match &field.message {
                Some(message) => message.clone(),
                None => format!("{}{wrong}", place()),
            });
            Cell::Null
        })
    }
}

impl Request {
    /// The rows by columns: those that are declared, and those that models ask for.
    pub(super) fn rows<'a>(
        &'a self,
        place: &str,
        rows: &'a [Value],
        found: &mut Found<'a>,
    ) -> Columns {
        let is_declared = |name: &str| self.spec.columns.iter().any(|it| it.name == name);
        let is_taken = |name: &str| self.takes_all || self.asked.iter().any(|it| it == name);
        let wanted = |it: &str| !is_declared(it) && is_taken(it);
        let given = Columns::noting(place, rows, &wanted, &mut found.problems);
        let keys = rows.iter().filter_map(Value::as_object).flat_map(Map::keys);
        for key in keys.filter(|it| !is_declared(it) && !is_taken(it)) {
            if found.unknown.len() < MOST_UNKNOWN && !found.unknown.contains(&key.as_str()) {
                found.unknown.push(key);
            }
        }
        if self.is_too_empty(place, rows, found) {
            return Columns::default();
        }
        let mut columns: Vec<(String, Vec<Cell>)> = Vec::new();
        for field in &self.spec.columns {
            columns.push((field.name.clone(), column(field, place, rows, found)));
        }
        let lacking = self.asked.iter().filter(|it| given.position(it).is_none());
        found.absent.extend(lacking.map(String::as_str));
        let others = given.names().iter().enumerate();
        columns.extend(others.map(|(at, name)| (name.clone(), given.column(at).to_vec())));
        // All are as long as there are rows.
        Columns::new(place, rows.len(), columns).unwrap_or_default()
    }

    /// Few bytes may be many rows, each of as many cells as there are columns.
    fn is_too_empty(&self, place: &str, rows: &[Value], found: &mut Found<'_>) -> bool {
        let (width, most) = (self.spec.columns.len(), most_cells(rows));
        let is_too_empty = most < width.saturating_mul(rows.len());
        if is_too_empty {
            found.problems.add(|| {
                let (n, most) = (rows.len(), most / width);
                format!("{place} has {n} rows that are mostly empty, at most {most} such are taken")
            });
        }
        is_too_empty
    }
}

/// A column's cells. What is no object is no row, and told elsewhere.
fn column<'a>(field: &'a Field, place: &str, rows: &[Value], found: &mut Found<'a>) -> Vec<Cell> {
    if !rows.iter().any(|it| it.get(&field.name).is_some()) {
        found.absent.push(&field.name);
        if let Some(cell) = &field.when_absent {
            return vec![cell.clone(); rows.len()];
        }
    }
    let cell = |(at, row): (usize, &Value)| {
        let Value::Object(row) = row else { return Cell::Null };
        let place = || format!("{place}[{at}].{}", field.name);
        let value = row.get(&field.name).filter(|it| !field.is_left_empty(it));
        found.cell(field, value, &place)
    };
    rows.iter().enumerate().map(cell).collect()
}
