//! Pickled tables: a dict, `Series`, `DataFrame`, or object with `mapping` and `global_mean`.

use std::collections::BTreeSet;

use estimators::{Cells, LookupTable, Model, State};
use object_graph::Kind;
use storage::Location;

use super::column::Loaded;
use crate::load::load_graph;
use crate::service::bundle::spec::TableSpec;
use crate::{Category, Error, Settings};

/// What files of pickles are called.
const PICKLES: [&str; 5] = ["pkl", "pickle", "joblib", "p", "sav"];

/// A pickled dict, Series or object with `mapping` and `global_mean`, or a `DataFrame`.
pub(super) fn columns(
    spec: &TableSpec,
    location: &Location,
    settings: &Settings,
) -> Result<Vec<Loaded>, Error> {
    let graph = load_graph(location, settings).map_err(|err| no_table(location, err))?;
    let state = State::root(graph.root(), Model::budget(&graph), &settings.classes);
    let failed = |err: &dyn std::fmt::Display| {
        Error::new(Category::Data, format!("Failed to load data: {err}"))
    };
    if let Kind::DataFrame(_) = graph.root().kind() {
        let is_wanted =
            |it: &str| spec.columns.as_ref().is_none_or(|all| all.iter().any(|name| name == it));
        let columns = estimators::frame_columns(&state, &is_wanted).map_err(|err| failed(&err))?;
        let loaded = |(name, cells): (String, Option<Cells>)| match cells {
            Some(cells) => Loaded::of_cells(name, cells.iter(), false),
            None => Loaded::new(&name),
        };
        return Ok(columns.into_iter().map(loaded).collect());
    }
    let table = LookupTable::read(&state).map_err(|err| failed(&err))?;
    let keys = table.key_columns();
    let key_name =
        |at: usize| if keys.len() == 1 { "key".to_owned() } else { format!("key_{}", at + 1) };
    let column = |(at, it): (usize, &estimators::KeyColumn)| {
        let name = it.name.clone().unwrap_or_else(|| key_name(at));
        Loaded::of_cells(name, it.keys.iter(), true)
    };
    let mut columns: Vec<Loaded> = keys.iter().enumerate().map(column).collect();
    one_type(&columns)?;
    let mut value = table.value_name().unwrap_or("value").to_owned();
    let taken: BTreeSet<String> = columns.iter().map(|it| it.name.to_lowercase()).collect();
    if taken.contains(&value.to_lowercase()) {
        value = format!("{value}_value");
    }
    columns.push(Loaded::of_cells(value, Cells::iter(table.values()), false));
    Ok(columns)
}

/// The error of a file that is no pickle: by its name it was none of the formats of tables either.
fn no_table(location: &Location, err: Error) -> Error {
    let name = location.file_name().to_ascii_lowercase();
    let is_pickle = name.split('.').skip(1).any(|it| PICKLES.contains(&it));
    if err.category() != Category::Model || is_pickle {
        return err;
    }
    Error::new(
        Category::Data,
        "it is no pickle, and by its name no table: .csv, .jsonl, .ndjson (also packed: .gz, .bz2, .xz, .zst) and .parquet are \
         tables",
    )
}

/// Refuses keys such as 1 and "1", two in Python and one in a column of SQL's: a row would be joined with both.
fn one_type(keys: &[Loaded]) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for row in 0..keys.first().map_or(0, |it| it.cells.len()) {
        let parts: Option<Vec<&str>> =
            keys.iter().map(|it| it.cells.get(row)?.as_deref()).collect();
        let Some(parts) = parts.filter(|it| !seen.insert(it.clone())) else { continue };
        let text = format!(
            "it has the key {} as a text and as a number, which are one in a column of a table; make all keys texts, or all \
             numbers, before it is pickled",
            parts.join(", ")
        );
        return Err(Error::new(Category::Data, text));
    }
    Ok(())
}
