//! Rows as model servers take them: lists of numbers, of lists or of objects; an object of columns.

use std::collections::HashSet;

use engine::{Columns, RowModel};
use serde_json::{Map, Value};

use crate::Failure;

/// So many of a model's columns are named.
const MOST_NAMED: usize = 30;

/// The model's own names for so many columns; `0`, `1`, … if it takes any number. `found` says what has them.
pub(super) fn names(
    model: &RowModel,
    n_columns: usize,
    found: impl Fn() -> String,
) -> Result<Vec<String>, Failure> {
    let inputs = model.inputs();
    if inputs.len() == n_columns {
        return Ok(inputs.iter().map(|it| it.name.clone()).collect());
    }
    // A model may be trained on more columns than it uses, and one whose names are a hint takes them by their place.
    if inputs.is_empty() || model.card().n_features == n_columns {
        return Ok((0..n_columns).map(|it| it.to_string()).collect());
    }
    let text = format!("{}, the model takes {}", found(), inputs.len());
    if !model.knows_names() {
        return Err(Failure::bad(text));
    }
    let named: Vec<&str> = inputs.iter().take(MOST_NAMED).map(|it| it.name.as_str()).collect();
    let more = if MOST_NAMED < inputs.len() { ", …" } else { "" };
    Err(Failure::bad(format!("{text}: {}{more}", named.join(", "))))
}

/// `1 value`, `2 values`
pub(super) fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// Refuses a column that is named twice: one of them would count, and nobody knows which.
pub(super) fn each_once<'a>(
    place: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    match names.into_iter().find(|it| !seen.insert(*it)) {
        Some(twice) => Err(Failure::bad(format!("{place}: column {twice} is there twice"))),
        None => Ok(()),
    }
}

/// Rows that are lists, in the model's order.
fn in_order(model: &RowModel, place: &str, rows: &[Value]) -> Result<Columns, Failure> {
    let names = match rows.first() {
        None => return Err(Failure::bad(format!("{place} must not be empty"))),
        Some(Value::Array(first)) => {
            let found = || format!("{place}[0] has {}", counted(first.len(), "value"));
            names(model, first.len(), found)?
        }
        // Said to be no list.
        Some(_) => Vec::new(),
    };
    Columns::of_rows(place, Some(&names), rows).map_err(|err| Failure::of(&err))
}

/// `"instances"`: one row each. Objects have columns by name; lists have them in order; anything else is the only column.
pub(super) fn instances(model: &RowModel, place: &str, value: &Value) -> Result<Columns, Failure> {
    let Some(rows) = value.as_array() else {
        return Err(Failure::bad(format!("{place} must be a list")));
    };
    match rows.first() {
        None => Err(Failure::bad(format!("{place} must not be empty"))),
        Some(Value::Object(_)) => Columns::of_records(place, rows).map_err(|err| Failure::of(&err)),
        Some(Value::Array(_)) => in_order(model, place, rows),
        Some(_) => {
            let rows: Vec<Value> = rows.iter().map(|it| Value::Array(vec![it.clone()])).collect();
            in_order(model, place, &rows)
        }
    }
}

/// `"inputs"`: as instances, or an object of columns.
pub(super) fn inputs(model: &RowModel, place: &str, value: &Value) -> Result<Columns, Failure> {
    match value {
        Value::Object(lists) => {
            let flat: Result<Map<String, Value>, Failure> = lists
                .iter()
                .map(|(name, list)| Ok((name.clone(), flat(place, name, list)?)))
                .collect();
            Columns::of_lists(place, &flat?).map_err(|err| Failure::of(&err))
        }
        _ => instances(model, place, value),
    }
}

/// A column whose cells may each stand in a list, as a tensor of shape `[n, 1]` is written.
fn flat(place: &str, name: &str, list: &Value) -> Result<Value, Failure> {
    let Some(items) = list.as_array() else {
        return Err(Failure::bad(format!("{place}.{name} must be a list")));
    };
    let one = |item: &Value| match item.as_array().map(Vec::as_slice) {
        Some([only]) => Ok(only.clone()),
        Some(_) => Err(Failure::bad(format!("{place}.{name} must have one value a row"))),
        None => Ok(item.clone()),
    };
    items.iter().map(one).collect::<Result<Vec<_>, _>>().map(Value::Array)
}

/// `"dataframe_split"`: what `DataFrame.to_dict(orient="split")` gives.
pub(super) fn split(model: &RowModel, place: &str, value: &Value) -> Result<Columns, Failure> {
    let Some(rows) = value["data"].as_array() else {
        return Err(Failure::bad(format!("{place}.data must be a list of rows")));
    };
    if value["columns"].is_null() {
        return in_order(model, &format!("{place}.data"), rows);
    }
    let names = value["columns"].as_array().map(|all| {
        let text = |it: &Value| match it {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        all.iter().map(text).collect::<Option<Vec<String>>>()
    });
    let Some(Some(names)) = names else {
        return Err(Failure::bad(format!("{place}.columns must be a list of names")));
    };
    each_once(&format!("{place}.columns"), names.iter().map(String::as_str))?;
    Columns::of_rows(&format!("{place}.data"), Some(&names), rows).map_err(|err| Failure::of(&err))
}
