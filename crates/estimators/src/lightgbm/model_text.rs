//! A model text (`save_model`, `model_to_string`): a header, trees, and what follows them.
//!
//! | line                     | meaning                                                        | since |
//! |--------------------------|----------------------------------------------------------------|-------|
//! | `tree`                   | the first line                                                 | any   |
//! | `version`                | `v2` (2.1), `v3` (2.3), `v4` (4.0)                             | 2.1   |
//! | `num_tree_per_iteration` | columns of raw predictions                                     | any   |
//! | `max_feature_idx`        | columns of input, less one                                     | any   |
//! | `objective`              | see `objective.rs`; absent if the user's own function was it   | any   |
//! | `average_output`         | a word alone: sums are divided by the iterations (`rf`)        | any   |
//! | `feature_names`          | a name a column, blanks made `_`; `Column_i` if there was none | any   |
//! | `feature_infos`          | a word a column: `[low:high]`, categories `0:2:1`, or `none`   | any   |
//! | `tree_sizes`             | a number a tree                                                | 2.1   |
//! | `Tree=`                  | begins a tree: see `text_trees.rs`                             | any   |
//! | `[categorical_feature:`  | among the parameters: columns of categories                    | 2.2   |
//! | `pandas_categorical:`    | the last line: see `categories.rs`                             | 2.1   |
//!
//! The text says nothing of the library's version but `version`; what lines there are tells more.
//!
//! Source of truth: `GBDT::LoadModelFromString` in LightGBM's `src/boosting/gbdt_model_text.cpp`.

use memchr::memmem;
use serde_json::Value;

use super::fields::{Lines, int, key_value, words};
use super::header::{Header, Seen, Source, check_version, objective_of};
use super::objective::Objective;
use super::text_trees::TextTrees;
use crate::{ReadError, State};

/// The lines of the header that mean something.
#[derive(Debug, Default)]
struct Fields<'t> {
    version: Option<&'t [u8]>,
    n_columns: &'t [u8],
    last_feature: &'t [u8],
    objective: &'t [u8],
    average: bool,
    names: &'t [u8],
    infos: &'t [u8],
    sizes: Option<&'t [u8]>,
}

impl<'t> Fields<'t> {
    fn read(lines: &mut Lines<'t>) -> Self {
        let mut fields = Self::default();
        while let Some(line) = lines.next_unless_tree() {
            let (key, value) = key_value(line);
            match key {
                b"version" => fields.version = Some(value),
                b"num_tree_per_iteration" => fields.n_columns = value,
                b"max_feature_idx" => fields.last_feature = value,
                b"objective" => fields.objective = value,
                b"average_output" => fields.average = true,
                b"feature_names" => fields.names = value,
                b"feature_infos" => fields.infos = value,
                b"tree_sizes" => fields.sizes = Some(value),
                _ => {}
            }
        }
        fields
    }
}

/// Reads what stands before and behind the trees.
pub(super) fn read<'t>(
    text: &'t [u8],
    state: &State<'_>,
) -> Result<(Header, Source<'t>), ReadError> {
    let invalid = |key: &str| state.invalid(format!("has no valid {key}="));
    let mut lines = Lines::new(text);
    if lines.next() != Some(b"tree") {
        return Err(state.invalid("does not begin with the line tree"));
    }
    let has = |line: &[u8]| memmem::find(text, line).is_some();
    if has(b"\nparameters:") && !has(b"\nend of parameters") {
        return Err(state.invalid("ends early: in its parameters"));
    }
    let fields = Fields::read(&mut lines);
    let version = String::from_utf8_lossy(fields.version.unwrap_or(b"v1"));
    check_version(version.trim(), state)?;
    let count = |value: &[u8]| usize::try_from(int(value)?).ok();
    let n_columns = count(fields.n_columns).filter(|it| 0 < *it);
    let n_columns = n_columns.ok_or_else(|| invalid("num_tree_per_iteration"))?;
    let last_feature = count(fields.last_feature).ok_or_else(|| invalid("max_feature_idx"))?;
    // Each column has a name and an info: a text that says more is refused before it costs anything.
    let names = std::str::from_utf8(fields.names).map_err(|_| invalid("feature_names"))?;
    let names = || names.split(' ').filter(|it| !it.is_empty());
    if names().count().checked_sub(1) != Some(last_feature) {
        return Err(invalid("feature_names"));
    }
    if words(fields.infos).count() != last_feature + 1 {
        return Err(invalid("feature_infos"));
    }
    state.charge(fields.names.len().saturating_add(128 * (last_feature + 1)))?;
    let header = Header {
        n_columns,
        objective: objective(fields.objective, n_columns, text, state)?,
        average: fields.average,
        feature_names: names().map(ToOwned::to_owned).collect(),
        seen: words(fields.infos).map(seen).collect(),
        categories: categories(text, state)?,
        named: Some(named(text)),
        n_trees: fields.sizes.map(|it| words(it).count()),
        since_4: version.trim() == "v4",
    };
    Ok((header, Source::Text(TextTrees::new(lines))))
}

/// `log1p` came in 3.3, with the parameter `precise_float_parser`; linear trees in 3.2.
fn objective(
    words: &[u8],
    n_columns: usize,
    text: &[u8],
    state: &State<'_>,
) -> Result<Objective, ReadError> {
    let objective = objective_of(&String::from_utf8_lossy(words), n_columns, state)?;
    let has = |line: &[u8]| memmem::find(text, line).is_some();
    if objective != Objective::LogOnePlusExp
        || has(b"\n[precise_float_parser:")
        || has(b"\nis_linear=") && !has(b"\nparameters:")
    {
        return Ok(objective);
    }
    Ok(Objective::LogOfSum)
}

/// What a word of `feature_infos` says.
fn seen(info: &[u8]) -> Seen {
    if let Some((low, high)) = range(info) {
        return Seen::numbers(low, high);
    }
    let codes = info.split(|it| *it == b':');
    let largest = codes.map(int).try_fold(-1, |largest, it| Some(it?.max(largest)));
    largest.map_or(Seen::Nothing, Seen::Categories)
}

fn range(info: &[u8]) -> Option<(f64, f64)> {
    let mut ends = info.strip_prefix(b"[")?.strip_suffix(b"]")?.split(|it| *it == b':');
    let mut end = || ends.next().and_then(|it| fast_float2::parse(it).ok());
    Some((end().unwrap_or(f64::NAN), end().unwrap_or(f64::NAN)))
}

fn categories(text: &[u8], state: &State<'_>) -> Result<Vec<Vec<Value>>, ReadError> {
    let line = last_line(text, b"\npandas_categorical:").unwrap_or(b"null");
    state.charge(line.len().saturating_mul(24))?;
    let invalid = || state.invalid("has no valid pandas_categorical:");
    let lists: Option<Vec<Vec<Value>>> = serde_json::from_slice(line).map_err(|_| invalid())?;
    Ok(lists.unwrap_or_default())
}

/// The columns that the parameters name.
fn named(text: &[u8]) -> Vec<usize> {
    let line = last_line(text, b"\n[categorical_feature:").unwrap_or_default();
    let line = line.strip_suffix(b"]").unwrap_or(line).split(|it| *it == b',');
    let mut named: Vec<usize> = line.filter_map(|it| usize::try_from(int(it)?).ok()).collect();
    named.sort_unstable();
    named
}

/// What follows `key` in the text, up to the end of the line, where it stands last.
fn last_line<'t>(text: &'t [u8], key: &[u8]) -> Option<&'t [u8]> {
    let rest = &text[memmem::rfind(text, key)? + key.len()..];
    rest.split(|it| *it == b'\n').next().map(<[u8]>::trim_ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_categories_lists_their_numbers() {
        assert_eq!(seen(b"-1:0:3:2"), Seen::Categories(3));
        assert_eq!(seen(b"[0:1]"), Seen::Numbers { bounded: true, largest_code: Some(1) });
        assert_eq!(seen(b"[0:inf]"), Seen::ANY);
        assert_eq!(seen(b"none"), Seen::Nothing);
    }
}
