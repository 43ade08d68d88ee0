//! Pickled tables: a dict, `Series`, `DataFrame`, or object with `mapping` and `global_mean`.

use std::collections::BTreeSet;

use estimators::{Cells, LookupTable, Model, State};
use object_graph::Kind;
use storage::Location;

use super::column::Loaded;
use crate::load::load_graph;
use crate::{Category, Error, Settings};

/// A pickled dict, Series or object with `mapping` and `global_mean`, or a `DataFrame`.
pub(super) fn columns(location: &Location, settings: &Settings) -> Result<Vec<Loaded>, Error> {
    let graph = load_graph(location, settings)?;
    let state = State::root(graph.root(), Model::budget(&graph), &settings.classes);
    let failed = |err: &dyn std::fmt::Display| {
        Error::new(Category::Data, format!("Failed to load data: {err}"))
    };
    if let Kind::DataFrame(_) = graph.root().kind() {
        let columns = estimators::frame_columns(&state).map_err(|err| failed(&err))?;
        return Ok(columns
            .into_iter()
            .map(|(name, cells)| Loaded::of_cells(name, cells.iter(), false))
            .collect());
    }
    let table = match LookupTable::find(&state) {
        Some(found) => found.map_err(|err| failed(&err))?,
        None => {
            let text = format!(
                "it holds {}; a dict, Series, DataFrame or object with mapping and global_mean is expected",
                graph.root().type_name()
            );
            return Err(Error::new(Category::Data, text));
        }
    };
    let keys = table.key_columns();
    let key_name =
        |at: usize| if keys.len() == 1 { "key".to_owned() } else { format!("key_{}", at + 1) };
    let column = |(at, it): (usize, &estimators::KeyColumn)| {
        let name = it.name.clone().unwrap_or_else(|| key_name(at));
        Loaded::of_cells(name, it.keys.iter(), true)
    };
    let mut columns: Vec<Loaded> = keys.iter().enumerate().map(column).collect();
    let mut value = table.value_name().unwrap_or("value").to_owned();
    let taken: BTreeSet<String> = columns.iter().map(|it| it.name.to_lowercase()).collect();
    if taken.contains(&value.to_lowercase()) {
        value = format!("{value}_value");
    }
    columns.push(Loaded::of_cells(value, Cells::iter(table.values()), false));
    Ok(columns)
}
