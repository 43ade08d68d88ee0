//! What a model says beside its trees, whatever its form: `model_text.rs`, `model_json.rs`.

use serde_json::Value;

use super::json_trees::JsonTrees;
use super::objective::Objective;
use super::text_trees::TextTrees;
use super::tree::Tree;
use crate::{ReadError, State};

/// A model, but for its trees.
#[derive(Debug)]
pub(super) struct Header {
    /// Trees of an iteration, and columns of what is predicted.
    pub(super) n_columns: usize,
    pub(super) objective: Objective,
    /// Whether sums are divided by the number of iterations.
    pub(super) average: bool,
    /// One a column of input; blanks are `_`.
    pub(super) feature_names: Vec<String>,
    /// As many: what training saw.
    pub(super) seen: Vec<Seen>,
    /// Categories of a data frame's columns: `pandas_categorical`.
    pub(super) categories: Vec<Vec<Value>>,
    /// The columns that the parameters name as categories; `None` if the form has no parameters.
    pub(super) named: Option<Vec<usize>>,
    /// How many trees there are to be, if the form says.
    pub(super) n_trees: Option<usize>,
    /// Whether LightGBM 4 or later wrote it.
    pub(super) since_4: bool,
}

impl Header {
    /// Columns of input.
    pub(super) fn n_features(&self) -> usize {
        self.feature_names.len()
    }
}

/// What training saw in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing that it could use.
    Nothing,
    /// Numbers, and whether they are all within ±1e300; the largest, if they may be the codes of categories
    /// from 0 on.
    Numbers { bounded: bool, largest_code: Option<i64> },
    /// Numbers of categories up to this, -1 if none.
    Categories(i64),
}

impl Seen {
    /// Numbers of which nothing is known.
    pub(super) const ANY: Self = Self::Numbers { bounded: false, largest_code: None };

    /// Numbers between these.
    pub(super) fn numbers(low: f64, high: f64) -> Self {
        let is_code = |it: f64| (0.0..=MOST_CODES).contains(&it) && it.fract() == 0.0;
        let largest_code = (is_code(low) && is_code(high)).then_some(high as i64);
        Self::Numbers { bounded: -HUGE < low && high < HUGE, largest_code }
    }
}

/// No frame has a column of so many categories.
const MOST_CODES: f64 = 4_294_967_296.0;

/// What JSON has for this and all larger numbers.
pub(super) const HUGE: f64 = 1e300;

/// The trees of a model, from one to the next.
#[derive(Debug, Clone)]
pub(super) enum Source<'t> {
    Text(TextTrees<'t>),
    Json(JsonTrees<'t>),
}

impl Source<'_> {
    /// Steps over the next tree and, if one is given, decodes it over `tree`; `false` if there is none.
    pub(super) fn next(
        &mut self,
        tree: Option<&mut Tree>,
        header: &Header,
        state: &State<'_>,
    ) -> Result<bool, ReadError> {
        match self {
            Self::Text(it) => it.next(tree, state),
            Self::Json(it) => it.next(tree, header, state),
        }
    }
}

/// An objective from its words, for so many columns.
pub(super) fn objective_of(
    words: &str,
    n_columns: usize,
    state: &State<'_>,
) -> Result<Objective, ReadError> {
    let mut classes = words.split_ascii_whitespace().filter_map(|it| it.strip_prefix("num_class:"));
    if classes.any(|it| it.parse() != Ok(n_columns)) {
        let text = format!("has the objective {words:?}, but not as many columns as its num_class");
        return Err(state.invalid(text));
    }
    let unknown = || state.unsupported(format!("has the objective {words:?}, which is unknown"));
    Objective::parse(words).ok_or_else(unknown)
}

/// Refuses a form that was never seen. `v2` is LightGBM 2.1, `v3` 2.3, `v4` 4.0.
pub(super) fn check_version(version: &str, state: &State<'_>) -> Result<(), ReadError> {
    match version {
        "v2" | "v3" | "v4" => Ok(()),
        other => Err(state.unsupported(format!("is of version {other:?}, expected v2 to v4"))),
    }
}
