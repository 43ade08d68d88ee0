//! Which columns a `ColumnTransformer` gives to one of its parts.
//!
//! | spelling                                  | meaning                                             |
//! |-------------------------------------------|-----------------------------------------------------|
//! | `"age"`, `["age", "sex"]`, a pandas Index | by name                                             |
//! | `0`, `[0, -1]`, an array of integers      | by position, negative ones from the end             |
//! | `slice(0, 3)`, `slice("age", "sex")`      | positions; names include the last                   |
//! | `[True, False]`, an array of booleans     | where True                                          |
//! | `_RemainderColsList` (1.5, 1.6)           | a list of positions                                 |
//!
//! A callable was resolved by `fit`. From 1.0 `_transformer_to_input_indices` holds the positions of all.
//!
//! Source of truth: `_get_column_indices` in `sklearn/utils/__init__.py`.

use object_graph::{Kind, Scalar, Value};

use crate::{ReadError, State};

/// The positions that `spelling` means, among columns of which there are `width`, named `names`.
pub(super) fn positions(
    spelling: &State<'_>,
    width: usize,
    names: Option<&[String]>,
) -> Result<Vec<usize>, ReadError> {
    let value = spelling.value();
    if let Some(it) = value.as_i64() {
        return Ok(vec![position(spelling, it, width)?]);
    }
    match value.kind() {
        Kind::Text(name) => Ok(vec![named(spelling, name, names)?]),
        Kind::Object(it) => match it.class().map(|it| it.name) {
            Some("slice") => sliced(spelling, width, names),
            Some("_RemainderColsList") => {
                let data = spelling.get("data")?.as_ints()?;
                data.into_iter().map(|it| position(spelling, it, width)).collect()
            }
            _ => Err(spelling.wrong("columns")),
        },
        Kind::Array(it) if it.dtype.scalar == Scalar::Bool => masked(spelling, width),
        Kind::List(mut items) if items.clone().next().is_some_and(|it| it.as_bool().is_some()) => {
            let all: Option<Vec<bool>> = items.by_ref().map(Value::as_bool).collect();
            let mask = all.ok_or_else(|| spelling.wrong("a list of booleans alone"))?;
            chosen(spelling, &mask, width)
        }
        _ if is_texts(spelling) => {
            let texts = spelling.as_texts()?;
            texts.iter().map(|it| named(spelling, it, names)).collect()
        }
        _ => {
            let ints = spelling.as_ints()?;
            ints.into_iter().map(|it| position(spelling, it, width)).collect()
        }
    }
}

/// Whether no column is meant, so that the part was never fitted.
pub(super) fn is_empty(spelling: &State<'_>) -> bool {
    match spelling.value().kind() {
        Kind::Array(it) if it.dtype.scalar == Scalar::Bool => {
            spelling.as_ints().is_ok_and(|it| it.iter().all(|&it| it == 0))
        }
        Kind::Array(it) => it.is_empty(),
        Kind::List(items) => {
            let mut items = items;
            items.all(|it| it.as_bool() == Some(false))
        }
        Kind::Object(it) if it.class().is_some_and(|it| it.name == "_RemainderColsList") => {
            spelling.optional("data").is_some_and(|it| it.as_ints().is_ok_and(|it| it.is_empty()))
        }
        _ => is_texts(spelling) && spelling.as_texts().is_ok_and(|it| it.is_empty()),
    }
}

fn is_texts(spelling: &State<'_>) -> bool {
    match spelling.value().kind() {
        Kind::Index(_) => true,
        Kind::Array(it) if it.dtype.scalar == Scalar::Unicode => true,
        _ => spelling
            .value()
            .items()
            .is_some_and(|mut it| it.next().is_some_and(|it| it.as_str().is_some())),
    }
}

fn named(spelling: &State<'_>, name: &str, names: Option<&[String]>) -> Result<usize, ReadError> {
    let names = names.ok_or_else(|| {
        spelling.invalid(format!("names the column {name:?}, and the file names no columns"))
    })?;
    names
        .iter()
        .position(|it| it == name)
        .ok_or_else(|| spelling.invalid(format!("names {name:?}, which is none of the columns")))
}

fn position(spelling: &State<'_>, position: i64, width: usize) -> Result<usize, ReadError> {
    let from_start = if position < 0 { position.saturating_add(width as i64) } else { position };
    usize::try_from(from_start)
        .ok()
        .filter(|it| *it < width)
        .ok_or_else(|| spelling.invalid(format!("means column {position} of {width}")))
}

fn masked(spelling: &State<'_>, width: usize) -> Result<Vec<usize>, ReadError> {
    let mask: Vec<bool> = spelling.as_ints()?.into_iter().map(|it| it != 0).collect();
    chosen(spelling, &mask, width)
}

fn chosen(spelling: &State<'_>, mask: &[bool], width: usize) -> Result<Vec<usize>, ReadError> {
    if mask.len() != width {
        return Err(spelling.invalid(format!("has {} values, expected {width}", mask.len())));
    }
    Ok((0..width).filter(|&it| mask[it]).collect())
}

fn sliced(
    spelling: &State<'_>,
    width: usize,
    names: Option<&[String]>,
) -> Result<Vec<usize>, ReadError> {
    let args = spelling.value().as_object().map(|it| spelling.step(it.args(), ""));
    let parts = args.map_or_else(|| Ok(vec![]), |it| it.as_list())?;
    let [start, stop, step] = parts.as_slice() else {
        return Err(spelling.wrong("a slice of start, stop and step"));
    };
    let by_name = [start, stop].iter().any(|it| it.value().as_str().is_some());
    if by_name {
        let end =
            |it: &State<'_>| it.value().as_str().map(|name| named(it, name, names)).transpose();
        let start = end(start)?.unwrap_or(0);
        let stop = end(stop)?.map_or(width, |it| it + 1);
        return Ok((start..stop.min(width)).collect());
    }
    let bound = |it: &State<'_>| match it.value().is_none() {
        true => Ok(None),
        false => it.value().as_i64().map(Some).ok_or_else(|| it.wrong("an integer or None")),
    };
    let step = bound(step)?.unwrap_or(1);
    if step == 0 {
        return Err(spelling.invalid("is a slice of step 0"));
    }
    Ok(slice_positions(bound(start)?, bound(stop)?, step, width))
}

/// `range(width)[start:stop:step]`.
fn slice_positions(start: Option<i64>, stop: Option<i64>, step: i64, width: usize) -> Vec<usize> {
    let n = width as i64;
    let (low, high) = if 0 < step { (0, n) } else { (-1, n - 1) };
    let clip = |it: i64| if it < 0 { it.saturating_add(n).max(low) } else { it.min(high) };
    let (first, last) = if 0 < step { (low, high) } else { (high, low) };
    let mut at = start.map_or(first, clip);
    let stop = stop.map_or(last, clip);
    let mut positions = Vec::new();
    while if 0 < step { at < stop } else { stop < at } {
        positions.push(at as usize);
        at = at.saturating_add(step);
    }
    positions
}

#[cfg(test)]
mod tests {
    use super::slice_positions;

    #[test]
    fn slices_are_those_of_python() {
        assert_eq!(slice_positions(Some(1), Some(3), 1, 5), [1, 2]);
        assert_eq!(slice_positions(None, Some(-1), 2, 5), [0, 2]);
        assert_eq!(slice_positions(Some(-2), None, 1, 5), [3, 4]);
        assert_eq!(slice_positions(None, None, -2, 5), [4, 2, 0]);
        assert_eq!(slice_positions(Some(9), Some(0), -1, 3), [2, 1]);
        assert_eq!(slice_positions(Some(-9), Some(9), 1, 2), [0, 1]);
        assert!(slice_positions(Some(2), Some(1), i64::MAX, 5).is_empty());
    }
}
