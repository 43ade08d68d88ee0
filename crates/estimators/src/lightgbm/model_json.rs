//! A model as JSON: what `Booster.dump_model` gives, written with `json.dump`.
//!
//! | key                      | meaning                                                                   | since |
//! |--------------------------|---------------------------------------------------------------------------|-------|
//! | `version`                | `v2` (2.1), `v3` (2.3), `v4` (4.0)                                        | any   |
//! | `num_tree_per_iteration`, `max_feature_idx`, `objective`, `average_output`, `feature_names` | as in `model_text.rs` | any |
//! | `feature_infos`          | by name `min_value`, `max_value` and `values`, the numbers of categories  | 3.0   |
//! | `tree_info`              | the trees: see `json_trees.rs`                                            | any   |
//! | `pandas_categorical`     | see `categories.rs`                                                       | any   |
//!
//! Numbers have all their digits. What the form loses is refused by name where it matters: which columns are
//! categories of a data frame, if what is there leaves several choices; whether 3.3 wrote a
//! `cross_entropy_lambda`, whose last bits changed then; a threshold of 1e300, which infinity is
//! written as.
//!
//! Source of truth: `GBDT::DumpModel` in LightGBM's `src/boosting/gbdt_model_text.cpp`, `dump_model` in
//! `basic.py`.

use serde_json::{Map, Value};

use super::header::{Header, Seen, Source, check_version, objective_of};
use super::json_trees::JsonTrees;
use super::objective::Objective;
use crate::document::tokens::{Tokens, unescaped};
use crate::{ReadError, State};

/// The values of the header's keys, undecoded.
#[derive(Debug, Default)]
struct Fields<'t> {
    version: &'t [u8],
    n_columns: &'t [u8],
    last_feature: &'t [u8],
    objective: Option<&'t [u8]>,
    average: &'t [u8],
    names: &'t [u8],
    infos: Option<&'t [u8]>,
    categories: &'t [u8],
    trees: Option<Tokens<'t>>,
}

impl<'t> Fields<'t> {
    fn read(json: &'t [u8]) -> Result<Self, String> {
        let mut tokens = Tokens::new(json);
        let mut fields = Self::default();
        tokens.expect(b'{')?;
        let mut is_first = true;
        while let Some(key) = tokens.next_key(is_first)? {
            is_first = false;
            let before = tokens;
            let value = tokens.skip()?;
            match key {
                "version" => fields.version = value,
                "num_tree_per_iteration" => fields.n_columns = value,
                "max_feature_idx" => fields.last_feature = value,
                "objective" => fields.objective = Some(value),
                "average_output" => fields.average = value,
                "feature_names" => fields.names = value,
                "feature_infos" => fields.infos = Some(value),
                "pandas_categorical" => fields.categories = value,
                "tree_info" => fields.trees = Some(before),
                _ => {}
            }
        }
        Ok(fields)
    }
}

/// Reads all but the trees, and finds these.
pub(super) fn read<'t>(
    json: &'t [u8],
    state: &State<'_>,
) -> Result<(Header, Source<'t>), ReadError> {
    let fields = Fields::read(json).map_err(|it| state.invalid(it))?;
    let invalid = |key: &str| state.invalid(format!("has no valid {key}"));
    let version = text(fields.version).ok_or_else(|| invalid("version"))?;
    check_version(&version, state)?;
    let count = |value: &[u8]| serde_json::from_slice::<usize>(value).ok();
    let n_columns = count(fields.n_columns).filter(|it| 0 < *it);
    let n_columns = n_columns.ok_or_else(|| invalid("num_tree_per_iteration"))?;
    let last_feature = count(fields.last_feature).ok_or_else(|| invalid("max_feature_idx"))?;
    state.charge(fields.names.len().saturating_mul(24))?;
    let names: Option<Vec<String>> = serde_json::from_slice(fields.names).ok();
    let names = names.filter(|it| it.len().checked_sub(1) == Some(last_feature));
    let names = names.ok_or_else(|| invalid("feature_names"))?;
    state.charge(fields.categories.len().saturating_mul(24))?;
    let categories: Option<Option<Vec<Vec<Value>>>> = if fields.categories.is_empty() {
        None
    } else {
        serde_json::from_slice(fields.categories).ok()
    };
    let trees = fields.trees.ok_or_else(|| invalid("tree_info"))?;
    let trees = JsonTrees::new(trees).map_err(|it| state.invalid(it))?;
    let mut header = Header {
        n_columns,
        objective: objective(fields.objective, n_columns, &version, state)?,
        average: fields.average == b"true",
        seen: Vec::new(),
        feature_names: names,
        categories: categories.ok_or_else(|| invalid("pandas_categorical"))?.unwrap_or_default(),
        named: None,
        n_trees: None,
        since_4: version == "v4",
    };
    header.seen = match fields.infos {
        Some(infos) => seen(infos, &header.feature_names, state)?,
        None if header.categories.is_empty() => {
            vec![Seen::ANY; header.n_features()]
        }
        None => trees.seen(&header, state)?,
    };
    Ok((header, Source::Json(trees)))
}

fn text(value: &[u8]) -> Option<String> {
    unescaped(Tokens::new(value).text().ok()?)
}

fn objective(
    value: Option<&[u8]>,
    n_columns: usize,
    version: &str,
    state: &State<'_>,
) -> Result<Objective, ReadError> {
    let words = value.map_or(Some("none".to_owned()), text);
    let words = words.ok_or_else(|| state.invalid("has no valid objective"))?;
    let objective = objective_of(&words, n_columns, state)?;
    if objective == Objective::LogOnePlusExp && version != "v4" {
        let text = "has the objective cross_entropy_lambda, but JSON of before LightGBM 4 does not say which \
                    version's; save the model with save_model instead";
        return Err(state.unsupported(text));
    }
    Ok(objective)
}

/// `feature_infos`: columns that are not there had nothing to see.
fn seen(infos: &[u8], names: &[String], state: &State<'_>) -> Result<Vec<Seen>, ReadError> {
    let invalid = || state.invalid("has no valid feature_infos");
    state.charge(infos.len().saturating_mul(24))?;
    let infos: Map<String, Value> = serde_json::from_slice(infos).map_err(|_| invalid())?;
    let one = |name: &String| infos.get(name).map_or(Some(Seen::Nothing), seen_in);
    names.iter().map(one).collect::<Option<_>>().ok_or_else(invalid)
}

fn seen_in(info: &Value) -> Option<Seen> {
    let end = |key| info.get(key).and_then(Value::as_f64);
    let codes = info.get("values")?.as_array()?;
    if codes.is_empty() {
        return Some(Seen::numbers(end("min_value")?, end("max_value")?));
    }
    let mut largest = codes.iter().map(Value::as_i64);
    largest.try_fold(-1, |largest, it| Some(it?.max(largest))).map(Seen::Categories)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_has_a_range_or_numbers_of_categories() {
        let seen = |json| seen_in(&serde_json::from_str(json).unwrap());
        let range = r#"{"min_value": 0, "max_value": 1e300, "values": []}"#;
        assert_eq!(seen(range), Some(Seen::ANY));
        let codes = r#"{"min_value": -1, "max_value": 3, "values": [-1, 3, 2]}"#;
        assert_eq!(seen(codes), Some(Seen::Categories(3)));
        assert_eq!(seen(r#"{"values": ["x"]}"#), None);
    }
}
