//! A pickled `DataFrame` as columns of cells.

use object_graph::Kind;

use super::cells::{Cells, cell};
use super::forms::tuples;
use crate::categories::Category;
use crate::{ReadError, State};

/// The columns of the data frame at `state`, its index first if that has a name; of a `MultiIndex` the levels that have.
/// Those that are not wanted may hold anything, and have no cells.
///
/// # Errors
/// It is no data frame; a cell is no text, number or truth value; columns of different lengths.
pub fn frame_columns(
    state: &State<'_>,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<(String, Option<Cells>)>, ReadError> {
    let Kind::DataFrame(frame) = state.value().kind() else {
        return Err(state.wrong("a pandas DataFrame"));
    };
    let at = |id, step: &str| state.step(state.value().at(id), step);
    let mut columns = Vec::new();
    let index = at(frame.index, ".index");
    if let Kind::Index(own) = index.value().kind() {
        let labels = index.step(index.value().at(own.values), ".values");
        let names = index.value().at(own.name);
        let has_names = || names.items().is_some_and(|mut it| it.any(|it| it.as_str().is_some()));
        if let Some(name) = names.as_str() {
            let cells = is_wanted(name).then(|| Cells::read(&labels)).transpose()?;
            columns.push((name.to_owned(), cells));
        } else if matches!(labels.value().kind(), Kind::List(_)) && has_names() {
            let levels = tuples(&labels, names)?;
            columns.extend(levels.into_iter().filter_map(|it| Some((it.name?, Some(it.keys)))));
        }
    }
    let labels = at(frame.columns, ".columns");
    let Kind::Index(own) = labels.value().kind() else {
        return Err(labels.wrong("a pandas Index"));
    };
    let names = labels.step(labels.value().at(own.values), ".values");
    let names = names.value().items().ok_or_else(|| names.wrong("one dimension"))?;
    for (position, (name, data)) in names.zip(&frame.data).enumerate() {
        let name = match cell(&labels, name, || format!("[{position}]"))? {
            Category::Missing => return Err(labels.unsupported("has a column without a name")),
            name => name.text().unwrap_or_default(),
        };
        let step = format!("[{name:?}]");
        let cells = is_wanted(&name).then(|| Cells::read(&at(*data, &step))).transpose()?;
        columns.push((name, cells));
    }
    let mut lens = columns.iter().filter_map(|(name, it)| Some((name, it.as_ref()?.len())));
    let n_rows = lens.next().map_or(0, |it| it.1);
    match lens.find(|it| it.1 != n_rows) {
        Some((name, _)) => Err(state.invalid(format!("has a column {name:?} of another length"))),
        None => Ok(columns),
    }
}
