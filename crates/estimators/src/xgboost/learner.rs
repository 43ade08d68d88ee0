//! A model of XGBoost's, from whatever form its bytes have.
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
//! | `attributes.best_iteration`, `feature_names`               |                                                   |
//!
//! Source of truth: `LearnerConfiguration` and `LearnerIO` in XGBoost's `src/learner.cc`.

use object_graph::Kind;

use super::objective::{Link, link};
use super::saved_trees::{self, SavedTree};
use super::trees::{BaseScore, Trees};
use super::{binary, ubjson};
use crate::document::Node;
use crate::document::json::{self, Dialect};
use crate::{Dense, ReadError, State, Version};

/// Arrays that say how a tree was grown, not what it predicts, and are by far the most of a file.
pub(super) const SKIPPED: &[&str] =
    &["loss_changes", "sum_hessian", "parents", "Config", "sorted_idx"];

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

/// Who asks for predictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// `Booster.predict` of a `DMatrix`.
    Booster,
    /// A class for scikit-learn: until the best iteration; until 1.3 so many trees per column, 0 for all.
    Estimator { ntree_limit: usize, in_place: bool },
}

/// A model that was checked.
#[derive(Debug)]
pub(super) struct Learner {
    pub(super) version: Version,
    pub(super) link: Link,
    pub(super) n_features: usize,
    pub(super) feature_names: Vec<String>,
    /// The margin that each column starts with.
    base: Vec<f32>,
    model: Booster,
    order: BaseScore,
}

#[derive(Debug)]
enum Booster {
    Trees(Trees),
    /// By column of rows and then of margins; the last row is added as it is.
    Linear(Vec<f32>),
}

impl Learner {
    /// Reads a `Booster`.
    pub(super) fn read(booster: &State<'_>, caller: Caller) -> Result<Self, ReadError> {
        let handle = booster.get("handle")?;
        let Kind::Bytes(bytes) = handle.value().kind() else {
            return Err(handle.wrong("bytes"));
        };
        let mut saved = saved(bytes, &handle)?;
        if saved.feature_names.is_empty() && booster.has("feature_names") {
            saved.feature_names = booster.texts("feature_names")?;
        }
        Self::check(saved, caller, &handle)
    }

    fn check(saved: Saved, caller: Caller, state: &State<'_>) -> Result<Self, ReadError> {
        let Saved { version, n_features, n_groups, .. } = saved;
        let unknown = || {
            state.unsupported(format!("has the objective {:?}, which is unknown", saved.objective))
        };
        let link = link(&saved.objective).ok_or_else(unknown)?;
        if link == Link::LogisticRaw && (Version::new(1, 0)..Version::new(1, 7)).contains(&version)
        {
            // Between these versions the base score came to be taken as it is; which one did is not known.
            let text = format!(
                "was trained with binary:logitraw by XGBoost {version}, which is not supported"
            );
            return Err(state.unsupported(text));
        }
        // Wide models have a name, a weight or a split for each column, but need not.
        state.charge(n_features.saturating_mul(64))?;
        state.charge(n_groups.saturating_mul(64))?;
        let base = match saved.base_score.as_slice() {
            [one] => vec![*one; n_groups],
            several if several.len() == n_groups => several.to_vec(),
            several => {
                let text = format!("has {} base scores for {n_groups} columns", several.len());
                return Err(state.invalid(text));
            }
        };
        let margin = |it: &f32| if saved.is_margin { *it } else { link.margin(*it) };
        let mut base: Vec<f32> = base.iter().map(margin).collect();
        if matches!(saved.part, Part::Linear(_)) {
            // gblinear.cc of 3.1 and 3.2 reads the first of several.
            let first = base.first().copied().unwrap_or_default();
            base.fill(first);
        }
        let best = saved.best_iteration;
        let model = match saved.part {
            Part::Linear(weights) => {
                if weights.len() as u128 != (n_features as u128 + 1) * n_groups as u128 {
                    let text = format!("has {} weights for {n_features} columns", weights.len());
                    return Err(state.invalid(text));
                }
                Booster::Linear(weights)
            }
            Part::Trees { mut trees, mut groups, width, weights, n_parallel, ends } => {
                let has_weights = weights.as_ref().is_none_or(|it| it.len() == trees.len());
                let fits = if width == 1 {
                    groups.iter().all(|it| *it < n_groups)
                } else {
                    width == n_groups
                };
                if groups.len() != trees.len() || !has_weights || !fits {
                    return Err(state.invalid("has tree_info or weights that do not fit its trees"));
                }
                let per_layer = n_parallel.max(1) * if width == 1 { n_groups } else { 1 };
                let used = used_trees(caller, version, best, per_layer, n_groups, &ends);
                trees.truncate(used.min(trees.len()));
                groups.truncate(trees.len());
                let mut trees = Trees::new(trees, groups, width, n_features, state)?;
                trees.weights = weights;
                Booster::Trees(trees)
            }
        };
        let order = match caller {
            _ if version < Version::new(1, 3) => BaseScore::Last,
            Caller::Estimator { in_place: true, .. } if Version::new(1, 4) <= version => {
                BaseScore::InLeaves
            }
            _ => BaseScore::First,
        };
        let feature_names = saved.feature_names;
        Ok(Self { version, link, n_features, feature_names, base, model, order })
    }

    /// Number of columns of margins.
    pub(super) fn n_groups(&self) -> usize {
        self.base.len()
    }

    /// Whether it is a linear model.
    pub(super) fn is_linear(&self) -> bool {
        matches!(self.model, Booster::Linear(_))
    }

    /// Margins, column by column; NaN is missing.
    pub(super) fn margins(&self, x: &Dense) -> Vec<Vec<f32>> {
        let (columns, n_rows) = (x.slices(), x.n_rows());
        let weights = match &self.model {
            Booster::Trees(it) => return it.margins(&columns, n_rows, &self.base, self.order),
            Booster::Linear(weights) => weights,
        };
        let n_groups = self.n_groups();
        let column = |(group, base): (usize, &f32)| {
            let start = weights[self.n_features * n_groups + group] + base;
            let mut sums = vec![start; n_rows];
            for (j, column) in columns.iter().enumerate() {
                let weight = weights[j * n_groups + group];
                for (sum, x) in sums.iter_mut().zip(*column).filter(|it| !it.1.is_nan()) {
                    *sum += *x as f32 * weight;
                }
            }
            sums
        };
        self.base.iter().enumerate().map(column).collect()
    }

    /// Predictions, column by column.
    pub(super) fn predictions(&self, x: &Dense) -> Vec<Vec<f32>> {
        self.link.apply(self.margins(x), self.version)
    }
}

/// How many trees the caller uses.
fn used_trees(
    caller: Caller,
    version: Version,
    best_iteration: Option<usize>,
    per_layer: usize,
    n_groups: usize,
    ends: &[usize],
) -> usize {
    let Caller::Estimator { ntree_limit, .. } = caller else { return usize::MAX };
    if version < Version::new(1, 4) {
        let trees = ntree_limit.saturating_mul(n_groups);
        return if trees == 0 { usize::MAX } else { trees };
    }
    let Some(layers) = best_iteration.map(|it| it.saturating_add(1)) else { return usize::MAX };
    match ends.len() {
        0 => layers.saturating_mul(per_layer),
        len => ends[layers.min(len - 1)],
    }
}

const CONFIG: &[u8] = b"CONFIG-offset:";

fn saved(bytes: &[u8], state: &State<'_>) -> Result<Saved, ReadError> {
    let early = || state.invalid("ends early");
    if let Some(rest) = bytes.strip_prefix(CONFIG) {
        let (len, rest) = rest.split_first_chunk().ok_or_else(early)?;
        let len = usize::try_from(u64::from_le_bytes(*len)).map_err(|_| early())?;
        return saved_model(rest.get(..len).ok_or_else(early)?, state);
    }
    saved_model(bytes, state)
}

fn saved_model(bytes: &[u8], state: &State<'_>) -> Result<Saved, ReadError> {
    let document = match bytes {
        [b'{', b'L' | b'l' | b'I' | b'i' | b'U' | b'#' | b'$', ..] => ubjson::read(bytes, state)?,
        [b'b', b's', b'6', b'4', ..] => {
            return Err(state.unsupported("is a model in base64, which is not supported"));
        }
        bytes if bytes.trim_ascii_start().first() == Some(&b'{') => {
            json::read(bytes, DIALECT, state)?
        }
        bytes => return binary::read(bytes, state),
    };
    from_document(document.find("Model").unwrap_or(&document), state)
}

fn from_document(document: &Node, state: &State<'_>) -> Result<Saved, ReadError> {
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
        part: part(booster, state)?,
        best_iteration,
        feature_names: feature_names(learner),
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

fn part(booster: &Node, state: &State<'_>) -> Result<Part, ReadError> {
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
    if let Some(encoders) = model.find("cats").and_then(|it| it.find("enc")) {
        refuse_names(encoders, state)?;
    }
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
    let n_parallel = parameters.count("num_parallel_tree", state)?;
    let (groups, ends) = (places("tree_info")?, places("iteration_indptr")?);
    Ok(Part::Trees { trees, groups, width, weights, n_parallel, ends })
}

/// From 3.1 on a model trained on a frame has its categories, and XGBoost looks cells up in them.
fn refuse_names(encoders: &Node, state: &State<'_>) -> Result<(), ReadError> {
    let Node::List(encoders) = encoders else { return Ok(()) };
    let has_values = |it: &Node| match it.find("values") {
        Some(Node::Numbers(it)) => !it.is_empty(),
        _ => false,
    };
    if encoders.iter().any(has_values) {
        return Err(state.unsupported("knows categories by their names, which is not supported"));
    }
    Ok(())
}

fn singles(numbers: &[f64]) -> Vec<f32> {
    numbers.iter().map(|it| *it as f32).collect()
}
