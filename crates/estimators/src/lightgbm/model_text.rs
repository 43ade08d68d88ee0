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
//! | `Tree=`                  | begins a tree: see `trees.rs`                                  | any   |
//! | `[categorical_feature:`  | among the parameters: columns of categories                    | 2.2   |
//! | `pandas_categorical:`    | the last line: see `categories.rs`                             | 2.1   |
//!
//! The text says nothing of the library's version but `version`.
//!
//! Source of truth: `GBDT::LoadModelFromString` in LightGBM's `src/boosting/gbdt_model_text.cpp`.

use object_graph::Kind;

use super::fields::{Lines, int, key_value, words};
use super::objective::Objective;
use crate::{ReadError, State};

/// What stands before the trees.
#[derive(Debug)]
pub(super) struct Header<'t> {
    pub(super) n_features: usize,
    /// Trees of an iteration, and columns of what is predicted.
    pub(super) n_columns: usize,
    pub(super) objective: Objective,
    /// Whether sums are divided by the number of iterations.
    pub(super) average: bool,
    pub(super) feature_names: Vec<&'t str>,
    pub(super) feature_infos: Vec<&'t [u8]>,
    /// How many trees there are to be, if the text says.
    pub(super) n_trees: Option<usize>,
    /// From the first tree on.
    pub(super) rest: Lines<'t>,
}

/// The text in the attribute of a booster.
pub(super) fn text<'g>(state: &State<'g>) -> Result<(State<'g>, &'g [u8]), ReadError> {
    let name = if state.has("_handle") { "_handle" } else { "handle" };
    let handle = state.get(name)?;
    match handle.value().kind() {
        Kind::Text(it) => Ok((handle, it.as_bytes())),
        Kind::Bytes(it) if it.starts_with(b"tree") => Ok((handle, it)),
        Kind::Bytes(_) => {
            let text = "is what dump_model gives; save the model with save_model instead";
            Err(handle.unsupported(text))
        }
        _ => Err(handle.wrong("a model text")),
    }
}

impl<'t> Header<'t> {
    pub(super) fn read(state: &State<'_>, text: &'t [u8]) -> Result<Self, ReadError> {
        let invalid = |key: &str| state.invalid(format!("has no valid {key}="));
        let mut rest = Lines::new(text);
        if rest.next() != Some(b"tree") {
            return Err(state.invalid("does not begin with the line tree"));
        }
        let mut found = [None; KEYS.len()];
        while let Some(line) = rest.next_unless_tree() {
            let (key, value) = key_value(line);
            if let Some(at) = KEYS.iter().position(|it| it.as_bytes() == key) {
                found[at] = Some(value);
            }
        }
        let [version, n_columns, max_feature, objective, average, names, infos, sizes] = found;
        check_version(state, version)?;
        let count = |value: Option<&[u8]>| usize::try_from(int(value?)?).ok();
        let n_columns = count(n_columns).filter(|it| 0 < *it).ok_or_else(|| invalid(KEYS[1]))?;
        let n_features = count(max_feature).and_then(|it| it.checked_add(1));
        let n_features = n_features.ok_or_else(|| invalid(KEYS[2]))?;
        let names = std::str::from_utf8(names.unwrap_or_default()).ok();
        state
            .charge(text_len(infos).saturating_add(names.map_or(0, str::len)).saturating_mul(8))?;
        let feature_names: Option<Vec<&str>> =
            names.map(|it| it.split_ascii_whitespace().collect());
        let feature_names = feature_names.filter(|it| it.len() == n_features);
        let feature_infos: Vec<&[u8]> = words(infos.unwrap_or_default()).collect();
        if feature_infos.len() != n_features {
            return Err(invalid(KEYS[6]));
        }
        Ok(Self {
            n_features,
            n_columns,
            objective: objective_of(state, objective)?,
            average: average.is_some(),
            feature_names: feature_names.ok_or_else(|| invalid(KEYS[5]))?,
            feature_infos,
            n_trees: sizes.map(|it| words(it).count()),
            rest,
        })
    }
}

/// The lines of the header that mean something, in the order of [`Header::read`].
const KEYS: [&str; 8] = [
    "version",
    "num_tree_per_iteration",
    "max_feature_idx",
    "objective",
    "average_output",
    "feature_names",
    "feature_infos",
    "tree_sizes",
];

fn text_len(value: Option<&[u8]>) -> usize {
    value.map_or(0, <[u8]>::len)
}

fn check_version(state: &State<'_>, version: Option<&[u8]>) -> Result<(), ReadError> {
    let version = String::from_utf8_lossy(version.unwrap_or(b"v1"));
    match version.trim() {
        "v2" | "v3" | "v4" => Ok(()),
        other => Err(state.unsupported(format!("is of version {other:?}, expected v2 to v4"))),
    }
}

fn objective_of(state: &State<'_>, words: Option<&[u8]>) -> Result<Objective, ReadError> {
    let words = String::from_utf8_lossy(words.unwrap_or_default());
    let unknown = || state.unsupported(format!("has the objective {words:?}, which is unknown"));
    Objective::parse(&words).ok_or_else(unknown)
}
