//! A model of XGBoost's that was checked: margins and predictions.
//!
//! Source of truth: `LearnerConfiguration` in XGBoost's `src/learner.cc`, `GBTree` and `Dart` in `src/gbm/gbtree.cc`.

use std::ops::Range;

use object_graph::Kind;

use super::categories::Categories;
use super::objective::{Link, link};
use super::saved::{Part, Saved, saved};
use super::trees::{BaseScore, Trees};
use crate::hints::merged;
use crate::{ColumnHint, Dense, Iterations, ReadError, State, Version};

/// Since then predictions are asked for by a range of iterations, no longer by a number of trees.
pub(super) const FIRST_RANGES: Version = Version::new(1, 4);

/// Who asks for predictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// `Booster.predict` of a `DMatrix`.
    Booster,
    /// A class for scikit-learn, which stops at the best iteration.
    Estimator(Settings),
}

/// What a class for scikit-learn was asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Settings {
    /// Until 1.3: so many trees for each column, 0 for all.
    pub(super) ntree_limit: usize,
    pub(super) predictor: Predictor,
    pub(super) enable_categorical: bool,
}

/// The `predictor` of 1.4 to 1.7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Predictor {
    Unset,
    Auto,
    Named,
}

impl Caller {
    /// Whether rows are predicted as they are, not by way of a `DMatrix`: `_can_use_inplace_predict`.
    fn is_in_place(self, version: Version) -> bool {
        let Self::Estimator(settings) = self else { return false };
        let by_predictor = match settings.predictor {
            Predictor::Unset => FIRST_RANGES <= version,
            Predictor::Auto => Version::new(1, 5) <= version,
            Predictor::Named => Version::new(2, 0) <= version,
        };
        by_predictor && !(settings.enable_categorical && version == Version::new(1, 5))
    }
}

/// A model that was checked.
#[derive(Debug)]
pub(super) struct Learner {
    pub(super) version: Version,
    pub(super) link: Link,
    pub(super) n_features: usize,
    pub(super) feature_names: Vec<String>,
    /// What the columns that were categories of a data frame are read by.
    pub(super) categories: Categories,
    /// The margin that each column starts with.
    base: Vec<f32>,
    model: Booster,
    order: BaseScore,
    /// Whether the caller chose to begin after the first iteration.
    pub(super) starts_late: bool,
    /// Whether rows are predicted as they are, so that infinities are not refused.
    pub(super) is_in_place: bool,
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
        if saved.version < Version::new(2, 0) && booster.has("best_iteration") {
            // Until 1.7 the Python object's own number is what predictions go by.
            saved.best_iteration = Some(booster.count("best_iteration")?);
        }
        let asked = Asked { caller, iterations: booster.take_iterations() };
        Self::check(saved, asked, &handle)
    }

    fn check(saved: Saved, asked: Asked, state: &State<'_>) -> Result<Self, ReadError> {
        let caller = asked.caller;
        let Saved { version, n_features, n_groups, .. } = saved;
        let unknown = || {
            state.unsupported(format!("has the objective {:?}, which is unknown", saved.objective))
        };
        let link = link(&saved.objective).ok_or_else(unknown)?;
        saved.categories.check(n_features, state)?;
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
        let margin = |it: &f32| if saved.is_margin { *it } else { link.margin(*it, version) };
        let mut base: Vec<f32> = base.iter().map(margin).collect();
        if matches!(saved.part, Part::Linear(_)) {
            // gblinear.cc of 3.1 and 3.2 reads the first of several.
            let first = base.first().copied().unwrap_or_default();
            base.fill(first);
        }
        let best = saved.best_iteration;
        let mut starts_late = false;
        let is_dart = matches!(saved.part, Part::Trees { weights: Some(_), .. });
        let model = match saved.part {
            Part::Linear(weights) => {
                if weights.len() as u128 != (n_features as u128 + 1) * n_groups as u128 {
                    let text = format!("has {} weights for {n_features} columns", weights.len());
                    return Err(state.invalid(text));
                }
                let is_limited = matches!(caller, Caller::Estimator(it) if it.ntree_limit != 0);
                if !asked.iterations.is_default() {
                    return Err(state.choice("is linear, and has no iterations to choose from"));
                }
                if is_limited && version < Version::new(1, 3) {
                    // gblinear.cc: "GBLinear::Predict ntrees is only valid for gbtree predictor".
                    let text = "is linear and was stopped early, and XGBoost before 1.3 refuses to predict then";
                    return Err(state.unsupported(text));
                }
                Booster::Linear(weights)
            }
            Part::Trees { mut trees, mut groups, width, mut weights, n_parallel, ends } => {
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
                let layers = Layers { n_trees: trees.len(), per_layer, n_groups, ends };
                let used = if version < FIRST_RANGES {
                    asked.trees_before_ranges(&layers)
                } else {
                    asked.trees(best, &layers)
                };
                let used = used.map_err(|text| state.choice(text))?;
                starts_late = used.start != 0;
                // Until 1.3 leaves are of all trees, unless the caller says of how many.
                if FIRST_RANGES <= version || asked.iterations.number.is_some() {
                    keep(&mut trees, &used);
                    keep(&mut groups, &used);
                    weights.iter_mut().for_each(|it| keep(it, &used));
                }
                let mut trees = Trees::new(trees, groups, width, n_features, state)?;
                trees.weights = weights;
                trees.n_used = used.len();
                Booster::Trees(trees)
            }
        };
        let is_in_place = caller.is_in_place(version) && matches!(model, Booster::Trees(_));
        let is_last = version < Version::new(1, 3) || (is_dart && version < FIRST_RANGES);
        let order = match (is_last, is_in_place) {
            (true, _) => BaseScore::Last,
            (false, true) => BaseScore::InLeaves,
            (false, false) => BaseScore::First,
        };
        let (feature_names, categories) = (saved.feature_names, saved.categories);
        Ok(Self {
            version,
            link,
            n_features,
            feature_names,
            categories,
            base,
            model,
            order,
            starts_late,
            is_in_place,
        })
    }

    /// Number of columns of margins.
    pub(super) fn n_groups(&self) -> usize {
        self.base.len()
    }

    /// What categories and thresholds tell of the columns.
    pub(super) fn column_hints(&self) -> Vec<ColumnHint> {
        match &self.model {
            Booster::Trees(it) => merged(self.categories.hints(), it.column_hints(self.n_features)),
            Booster::Linear(_) => self.categories.hints(),
        }
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

    /// The number of the leaf each row falls in, tree by tree; none of a linear model.
    ///
    /// A class for scikit-learn gives those up to its best iteration, before 1.4 all.
    pub(super) fn leaf_numbers(&self, x: &Dense) -> Vec<Vec<u32>> {
        match &self.model {
            Booster::Trees(it) => it.leaf_numbers(&x.slices(), x.n_rows()),
            Booster::Linear(_) => Vec::new(),
        }
    }

    /// Predictions, column by column.
    pub(super) fn predictions(&self, x: &Dense) -> Vec<Vec<f32>> {
        self.link.apply(self.margins(x), self.version)
    }
}

/// Who asks for predictions, and of which iterations.
#[derive(Debug, Clone, Copy)]
struct Asked {
    caller: Caller,
    iterations: Iterations,
}

/// How trees make iterations.
struct Layers {
    n_trees: usize,
    /// Trees of an iteration, unless `ends` says otherwise.
    per_layer: usize,
    n_groups: usize,
    /// Where each iteration's trees end, after a 0.
    ends: Vec<usize>,
}

impl Layers {
    fn len(&self) -> usize {
        match self.ends.len() {
            0 => self.n_trees / self.per_layer,
            len => len - 1,
        }
    }

    /// The first tree of an iteration; of one beyond the last, how many trees there are.
    fn start(&self, iteration: usize) -> usize {
        let start = match self.ends.len() {
            0 => iteration.saturating_mul(self.per_layer),
            _ => self.ends.get(iteration).copied().unwrap_or(self.n_trees),
        };
        start.min(self.n_trees)
    }
}

impl Asked {
    /// The trees that predict; of XGBoost's classes for scikit-learn those up to the best iteration, unless
    /// the caller says where to end: without an end they leave out the start too.
    fn trees(self, best: Option<usize>, layers: &Layers) -> Result<Range<usize>, String> {
        let total = layers.len();
        let (start, end) = match (self.iterations.within(total)?, self.caller) {
            ((start, Some(end)), _) => (start, Some(end)),
            ((0, None), Caller::Estimator(_)) => (0, best.map(|it| it.saturating_add(1))),
            ((start, None), Caller::Booster) => (start, None),
            ((start, None), Caller::Estimator(_)) => {
                return Err(format!(
                    "is held by a class for scikit-learn, which takes no start without an end: add the \
                     num_iteration {}",
                    total - start
                ));
            }
        };
        let first = layers.start(start);
        Ok(first..end.map_or(layers.n_trees, |it| layers.start(it)).max(first))
    }

    /// The same until 1.3, which counts trees of a column and knows no start: `ntree_limit`.
    fn trees_before_ranges(self, layers: &Layers) -> Result<Range<usize>, String> {
        if self.iterations.start.unwrap_or(0) != 0 {
            return Err("is of a version before 1.4, which takes no start_iteration".to_owned());
        }
        let limit = match (self.iterations.number, self.caller) {
            (Some(_), _) => self.iterations.bound().unwrap_or(0),
            (None, Caller::Estimator(settings)) => settings.ntree_limit,
            (None, Caller::Booster) => 0,
        };
        Ok(match limit.saturating_mul(layers.n_groups) {
            0 => 0..layers.n_trees,
            trees => 0..trees.min(layers.n_trees),
        })
    }
}

/// Leaves nothing but a range.
fn keep<T>(items: &mut Vec<T>, range: &Range<usize>) {
    items.truncate(range.end);
    items.drain(..range.start.min(items.len()));
}
