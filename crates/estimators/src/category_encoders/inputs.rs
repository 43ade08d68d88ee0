//! The columns an encoder was trained on, in their order.
//!
//! Since 2.6.1 `feature_names_in_` tells them. Before, only the names of the columns it gives are kept, with
//! each encoded column's own in place of it.

use object_graph::Kind;

use super::table::{column_names, entry, label};
use crate::{ReadError, State};

/// What contrast coders of versions to 2.6 put before all columns.
pub(super) const INTERCEPT: &str = "intercept";

/// Where the names of the columns it gives stand, newest first.
const NAMES_OUT: [&str; 2] = ["feature_names_out_", "feature_names"];

/// The names of all columns it was trained on; `None` if it does not tell them: a `CountEncoder` before 2.3.
pub(super) fn names_in(state: &State<'_>) -> Result<Option<Vec<String>>, ReadError> {
    if let Some(it) = state.optional("feature_names_in_") {
        return labels(&it).map(Some);
    }
    if state.has("hash_method") {
        return state.optional("X").map(|it| column_names(&it)).transpose();
    }
    if NAMES_OUT.iter().all(|it| !state.has(it)) {
        return Ok(None);
    }
    let out = names_out(state)?;
    if !names_dropped(state)?.is_empty() {
        let dropped = state.get("drop_cols").or_else(|_| state.get("invariant_cols"))?;
        let text = "names columns that were left out, and this version does not tell their places";
        return Err(dropped.unsupported(text));
    }
    let generated = generated(state)?;
    let mut names = Vec::with_capacity(out.len());
    let mut rest = out.as_slice();
    if !generated.is_empty() && out.first().is_some_and(|it| it == INTERCEPT) {
        rest = &rest[1..];
    }
    while let Some((first, others)) = rest.split_first() {
        match generated.iter().find(|(_, own)| own.first() == Some(first) && rest.starts_with(own))
        {
            Some((name, own)) => {
                names.push(name.clone());
                rest = &rest[own.len()..];
            }
            None => {
                names.push(first.clone());
                rest = others;
            }
        }
    }
    Ok(Some(names))
}

/// The names of the columns it gives, without those it drops.
pub(super) fn names_out(state: &State<'_>) -> Result<Vec<String>, ReadError> {
    match NAMES_OUT.iter().find_map(|it| state.optional(it)) {
        Some(it) => labels(&it),
        None => Ok(Vec::new()),
    }
}

/// The names of the columns it would give, but drops because they are always the same.
pub(super) fn names_dropped(state: &State<'_>) -> Result<Vec<String>, ReadError> {
    if !state.flag_or("drop_invariant", false)? {
        return Ok(Vec::new());
    }
    let found = ["invariant_cols", "drop_cols"].iter().find_map(|it| state.optional(it));
    found.map_or_else(|| Ok(Vec::new()), |it| labels(&it))
}

/// The names that an encoder trained on a data frame has for its columns.
pub(super) fn feature_names(state: &State<'_>) -> Option<Vec<String>> {
    let wrapped = state.optional("feature_encoders");
    let first = wrapped.as_ref().and_then(|it| it.value().entries()?.next());
    let first = wrapped.as_ref().zip(first).map(|(it, (_, first))| it.step(first, ""));
    let inner = ["base_n_encoder", "feature_encoder"].iter().find_map(|it| state.optional(it));
    let state = first.or(inner).unwrap_or_else(|| state.clone());
    let cols = state.list("cols").ok()?;
    let named = cols.iter().all(|it| it.value().as_str().is_some());
    if named { names_in(&state).ok()? } else { None }
}

fn labels(state: &State<'_>) -> Result<Vec<String>, ReadError> {
    state.as_list()?.iter().map(label).collect()
}

/// Each encoded column that becomes several, with their names.
fn generated(state: &State<'_>) -> Result<Vec<(String, Vec<String>)>, ReadError> {
    if let Some(quantiles) = state.optional("quantiles") {
        // A `SummaryEncoder`: `sex_25`, `sex_75`.
        let percent = |it: &f64| format!("{}", (it * 100.0).round_ties_even());
        let percents: Vec<String> = quantiles.as_floats()?.iter().map(percent).collect();
        let names =
            |col: String| (col.clone(), percents.iter().map(|it| format!("{col}_{it}")).collect());
        let columns = state.list("cols")?.iter().map(label).collect::<Result<Vec<_>, _>>()?;
        state.charge(columns.len().saturating_mul(percents.len()).saturating_mul(48))?;
        return Ok(columns.into_iter().map(names).collect());
    }
    let Some(mapping) = state.optional("mapping") else { return Ok(Vec::new()) };
    let Kind::List(_) = mapping.value().kind() else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for switch in mapping.as_list()? {
        let table = entry(&switch, "mapping")?;
        if let Kind::DataFrame(_) = table.value().kind() {
            all.push((label(&entry(&switch, "col")?)?, column_names(&table)?));
        }
    }
    Ok(all)
}
