//! What a file of XGBoost's says, from whatever form its bytes have.
//!
//! | first bytes      | form                                                                   | since     |
//! |------------------|------------------------------------------------------------------------|-----------|
//! | `{L`             | UBJSON; in pickles with the keys `Config` and `Model`, in files `learner` | 1.6    |
//! | `{"`             | JSON, likewise                                                         | 1.0       |
//! | `CONFIG-offset:` | 8 bytes of length, so many of the old binary format, then JSON settings | 1.0 to 1.5 |
//! | other            | the old binary format: `binary.rs`                                     | any       |
//!
//! | key below `learner`                                        | meaning                                           |
//! |------------------------------------------------------------|---------------------------------------------------|
//! | `learner_model_param.base_score`                           | `5E-1`; from 3.1 `[5E-1]`, or one for each column |
//! | `.num_feature`, `.num_class`, `.num_target`                | numbers as texts                                  |
//! | `objective.name`                                           | `objective.rs`                                    |
//! | `gradient_booster.name`                                    | `gbtree`, `dart` or `gblinear`                    |
//! | `.model` (dart: `.gbtree.model`)                           | `trees`, `tree_info`, `iteration_indptr`; `weights` |
//! | `.weight_drop`                                             | dart: a weight per tree                           |
//! | `.model.cats.enc` (dart: `.gbtree.model…`)                 | from 3.1 on: `categories.rs`                      |
//! | `attributes.best_iteration`, `feature_names`               |                                                   |
//!
//! Source of truth: `LearnerConfiguration` and `LearnerIO` in XGBoost's `src/learner.cc`.

use super::categories::Categories;
use super::saved_trees::{self, SavedTree};
use super::{binary, ubjson};
use crate::document::Node;
use crate::document::json::{self, Dialect};
use crate::{ReadError, State, Version};

/// Arrays that say how a tree was grown, not what it predicts, and are by far the most of a file.
pub(super) const SKIPPED: &[&str] = &["loss_changes", "sum_hessian", "parents", "sorted_idx"];

/// A number with a point or an exponent is a `float32` and is rounded to one at once, as XGBoost does.
const DIALECT: Dialect =
    Dialect { skipped: SKIPPED, decimal: |it| it.parse::<f32>().ok().map(f64::from) };

/// What a file says, before it is checked.
#[derive(Debug)]
pub(super) struct Saved {
    pub(super) version: Version,
    pub(super) objective: String,
    pub(super) base_score: Vec<f32>,
    /// Whether the base score is a margin already.
    pub(super) is_margin: bool,
    pub(super) n_features: usize,
    pub(super) n_groups: usize,
    pub(super) part: Part,
    pub(super) best_iteration: Option<usize>,
    pub(super) feature_names: Vec<String>,
    pub(super) categories: Categories,
}

/// The booster of a file.
#[derive(Debug)]
pub(super) enum Part {
    Trees {
        trees: Vec<SavedTree>,
        groups: Vec<usize>,
        width: usize,
        weights: Option<Vec<f32>>,
        n_parallel: usize,
        /// Where each iteration's trees end, after a 0; empty if each has as many.
        ends: Vec<usize>,
    },
    Linear(Vec<f32>),
}

const CONFIG: &[u8] = b"CONFIG-offset:";

/// Reads a model.
pub(super) fn saved(bytes: &[u8], state: &State<'_>) -> Result<Saved, ReadError> {
    let early = || state.invalid("ends early");
    if let Some(rest) = bytes.strip_prefix(CONFIG) {
        let (len, rest) = rest.split_first_chunk().ok_or_else(early)?;
        let len = usize::try_from(u64::from_le_bytes(*len)).map_err(|_| early())?;
        let (model, settings) = rest.split_at_checked(len).ok_or_else(early)?;
        // The settings say nothing that matters; that they end well says that the file is whole.
        json::read(settings, DIALECT, state)?;
        return saved_model(model, state);
    }
    saved_model(bytes, state)
}

fn saved_model(bytes: &[u8], state: &State<'_>) -> Result<Saved, ReadError> {
    let document = match bytes {
        [b'{', b'L' | b'l' | b'I' | b'i' | b'U' | b'#' | b'$', ..] => ubjson::read(bytes, state)?,
        [b'b', b's', b'6', b'4', ..] => {
            let text = "is a model in base64, which XGBoost refuses too";
            return Err(state.unsupported(text));
        }
        bytes if bytes.trim_ascii_start().first() == Some(&b'{') => {
            json::read(bytes, DIALECT, state)?
        }
        bytes => return binary::read(bytes, state),
    };
    from_document(document.find("Model").unwrap_or(&document), document.find("Config"), state)
}

/// A pickle has the settings of training beside the model.
fn from_document(
    document: &Node,
    settings: Option<&Node>,
    state: &State<'_>,
) -> Result<Saved, ReadError> {
    let version = match document.numbers("version", state)? {
        [major, minor, ..] => Version::new(*major as u16, *minor as u16),
        _ => return Err(state.invalid("has no version")),
    };
    let learner = document.get("learner", state)?;
    let parameters = learner.get("learner_model_param", state)?;
    let booster = learner.get("gradient_booster", state)?;
    let n_classes = parameters.count("num_class", state)?;
    let n_targets = parameters.count("num_target", state)?;
    let attributes = learner.find("attributes");
    let best = attributes.and_then(|it| it.find("best_iteration"));
    let best_iteration = match best {
        Some(Node::Text(it)) => it.trim().parse().ok(),
        _ => None,
    };
    Ok(Saved {
        version,
        objective: learner.get("objective", state)?.text("name", state)?.to_owned(),
        base_score: base_score(parameters, state)?,
        is_margin: false,
        n_features: parameters.count("num_feature", state)?,
        n_groups: n_classes.max(n_targets).max(1),
        part: part(booster, settings, state)?,
        best_iteration,
        feature_names: feature_names(learner),
        categories: categories(booster, state)?,
    })
}

/// `5E-1`, or `[5E-1,2E-1]` from 3.1 on.
fn base_score(parameters: &Node, state: &State<'_>) -> Result<Vec<f32>, ReadError> {
    let text = parameters.text("base_score", state)?;
    let inner = text.trim().trim_start_matches('[').trim_end_matches(']');
    state.charge(inner.len().saturating_mul(4))?;
    let numbers: Result<_, _> = inner.split(',').map(|it| it.trim().parse()).collect();
    numbers.map_err(|_| state.invalid(format!("has the base_score {text:?}")))
}

fn feature_names(learner: &Node) -> Vec<String> {
    let Some(Node::List(names)) = learner.find("feature_names") else { return Vec::new() };
    let name = |it: &Node| match it {
        Node::Text(it) => Some(it.clone()),
        _ => None,
    };
    names.iter().filter_map(name).collect()
}

fn part(booster: &Node, settings: Option<&Node>, state: &State<'_>) -> Result<Part, ReadError> {
    let (model, weights) = match booster.text("name", state)? {
        "gbtree" => (booster.get("model", state)?, None),
        "dart" => {
            let weights = booster.numbers("weight_drop", state)?;
            (booster.get("gbtree", state)?.get("model", state)?, Some(singles(weights)))
        }
        "gblinear" => {
            let weights = booster.get("model", state)?.numbers("weights", state)?;
            return Ok(Part::Linear(singles(weights)));
        }
        it => return Err(state.unsupported(format!("has the booster {it:?}, which is unknown"))),
    };
    let parameters = model.get("gbtree_model_param", state)?;
    let saved = model.list("trees", state)?;
    let width = saved.first().map_or(Ok(1), |it| saved_trees::width(it, state))?;
    if 1 < width && parameters.count("num_trees", state)? != saved.len() {
        return Err(state.invalid("has another number of trees than it says"));
    }
    let read = |tree: &Node| {
        if saved_trees::width(tree, state)? != width {
            return Err(state.invalid("has leaves of different lengths"));
        }
        saved_trees::read(tree, width, state)
    };
    let trees = saved.iter().map(read).collect::<Result<_, _>>()?;
    let places = |key: &str| -> Result<Vec<usize>, ReadError> {
        let numbers = model.numbers(key, state)?;
        state.charge(numbers.len().saturating_mul(8))?;
        if numbers.iter().any(|it| !(0.0..1e15).contains(it)) {
            return Err(state.invalid(format!("has a {key} with a number below 0")));
        }
        Ok(numbers.iter().map(|it| *it as usize).collect())
    };
    let n_parallel = match parameters.count("num_parallel_tree", state)? {
        0 => settings.map_or(Ok(1), |it| n_parallel_of_settings(it, state))?,
        it => it,
    };
    let (groups, ends) = (places("tree_info")?, places("iteration_indptr")?);
    Ok(Part::Trees { trees, groups, width, weights, n_parallel, ends })
}

/// Until 1.5 the number of trees of an iteration stands only in the settings.
fn n_parallel_of_settings(settings: &Node, state: &State<'_>) -> Result<usize, ReadError> {
    let booster = settings.find("learner").and_then(|it| it.find("gradient_booster"));
    let booster = booster.map(|it| it.find("gbtree").unwrap_or(it));
    match booster.and_then(|it| it.find("gbtree_train_param")) {
        Some(it) => it.count("num_parallel_tree", state),
        None => Ok(1),
    }
}

/// The categories of a model's columns, from 3.1 on.
fn categories(booster: &Node, state: &State<'_>) -> Result<Categories, ReadError> {
    let model = booster.find("gbtree").unwrap_or(booster).find("model");
    match model.and_then(|it| it.find("cats")).and_then(|it| it.find("enc")) {
        Some(Node::List(encoders)) => Categories::read(encoders, state),
        _ => Ok(Categories::default()),
    }
}

fn singles(numbers: &[f64]) -> Vec<f32> {
    numbers.iter().map(|it| *it as f32).collect()
}
