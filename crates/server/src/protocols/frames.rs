//! Rows as model servers take them: lists of numbers, of lists or of objects; an object of columns.

use engine::{Columns, RowModel};
use serde_json::{Map, Value};

use crate::Failure;

/// The model's own names for so many columns, if it has as many; else `0`, `1`, ….
pub(super) fn names(model: &RowModel, n_columns: usize) -> Vec<String> {
    if model.inputs().len() == n_columns {
        return model.inputs().iter().map(|it| it.name.clone()).collect();
    }
    (0..n_columns).map(|it| it.to_string()).collect()
}

/// Rows that are lists, in the model's order.
fn in_order(model: &RowModel, place: &str, rows: &[Value]) -> Result<Columns, engine::Error> {
    let width = rows.first().and_then(Value::as_array).map_or(0, Vec::len);
    Columns::of_rows(place, Some(&names(model, width)), rows)
}

/// `"instances"`: one row each. Objects have columns by name; lists have them in order; anything else is the only column.
pub(super) fn instances(model: &RowModel, place: &str, value: &Value) -> Result<Columns, Failure> {
    let Some(rows) = value.as_array() else {
        return Err(Failure::bad(format!("{place} must be a list")));
    };
    let made = match rows.first() {
        None => return Err(Failure::bad(format!("{place} must not be empty"))),
        Some(Value::Object(_)) => Columns::of_records(place, rows),
        Some(Value::Array(_)) => in_order(model, place, rows),
        Some(_) => {
            let rows: Vec<Value> = rows.iter().map(|it| Value::Array(vec![it.clone()])).collect();
            in_order(model, place, &rows)
        }
    };
    made.map_err(|err| Failure::of(&err))
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
        return in_order(model, place, rows).map_err(|err| Failure::of(&err));
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
    Columns::of_rows(place, Some(&names), rows).map_err(|err| Failure::of(&err))
}
