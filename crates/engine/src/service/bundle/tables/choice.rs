//! Which columns of a file a table has, what they are called, and the types that are said of them.

use crate::problems::Problems;
use crate::service::bundle::spec::{ColumnType, TableSpec};
use crate::{Category, Error};

/// A column that is taken.
pub(super) struct Chosen {
    /// Its place among the file's.
    pub(super) source: usize,
    /// What the file calls it.
    pub(super) found: String,
    /// What the table calls it.
    pub(super) name: String,
    /// Its type, if that is said.
    pub(super) kind: Option<ColumnType>,
}

/// The columns to take of those a file has, in the table's order.
///
/// # Errors
/// Everything that cannot be: names of columns that are not there, too few or too many new names.
pub(super) fn choose(spec: &TableSpec, has: &[&str]) -> Result<Vec<Chosen>, Error> {
    let mut problems = Problems::default();
    let wanted: Vec<&str> = match &spec.columns {
        Some(columns) => columns.iter().map(String::as_str).collect(),
        None => has.to_vec(),
    };
    let lacking: Vec<&str> = wanted.iter().copied().filter(|it| !has.contains(it)).collect();
    if !lacking.is_empty() {
        problems.add(|| {
            format!("there are no columns {}; it has {}", lacking.join(", "), has.join(", "))
        });
    }
    let is_again = |(at, it): &(usize, &&str)| wanted[..*at].contains(*it);
    if let Some((_, it)) = wanted.iter().enumerate().find(is_again) {
        problems.add(|| format!("there are two columns {it}"));
    }
    let names = match &spec.names {
        Some(names) if names.len() != wanted.len() => {
            let n_columns = wanted.len();
            problems.add(|| format!("there are {} names for {n_columns} columns", names.len()));
            wanted.clone()
        }
        Some(names) => names.iter().map(String::as_str).collect(),
        None => wanted.clone(),
    };
    // What a column is called that is told already may be any of these.
    let is_told = |it: &str| {
        let said = spec.columns.iter().chain(&spec.names).flatten();
        !lacking.is_empty() && said.clone().any(|name| name == it)
    };
    let typed = spec.types.iter().map(|(name, _)| ("types", name.value.as_str()));
    let indexed = spec.index.iter().flatten().map(|it| ("index", it.as_str()));
    for (key, name) in typed.chain(indexed) {
        if !names.contains(&name) && !is_told(name) {
            problems.add(|| format!("{key}: there is no column {name}"));
        }
    }
    problems.none(Category::Data)?;
    let chosen = |(found, name): (&&str, &&str)| {
        let source = has.iter().position(|it| it == found)?;
        let kind = spec.types.iter().find(|(it, _)| it.value == *name).map(|(_, kind)| *kind);
        Some(Chosen { source, found: (*found).to_owned(), name: (*name).to_owned(), kind })
    };
    Ok(wanted.iter().zip(&names).filter_map(chosen).collect())
}
