//! `IsolationForest`: rows that random trees isolate in few splits are outliers.
//!
//! | attribute                        | shape              | meaning                                           | since |
//! |----------------------------------|--------------------|---------------------------------------------------|-------|
//! | `estimators_`                    | list of trees      | `ExtraTreeRegressor`                              | any   |
//! | `estimators_features_`           | list of (m,)       | the columns each tree sees, if not all            | any   |
//! | `_max_features`                  | int                | how many those are                                | any   |
//! | `_max_samples`, `max_samples_`   | int                | rows each tree was grown on; the first from 1.3   | any   |
//! | `_decision_path_lengths`         | tuple of (nodes,)  | nodes on the way to each, itself counted          | 1.3   |
//! | `_average_path_length_per_tree`  | tuple of (nodes,)  | what is to be added for the rows left in a leaf   | 1.3   |
//! | `offset_`                        | float              | score from which a row is an inlier               | 0.20  |
//! | `behaviour`, `_threshold_`       | text, float        | `"old"`: the bound of `predict`                   | 0.20 to 0.21 |
//!
//! `score_samples` is `-2 ** -(sum of path lengths / (trees * average path length of max samples))`; the sum
//! runs in the order of the trees. `decision_function` subtracts `offset_`; `predict` is -1 below 0, else 1.
//! Missing and infinite numbers are taken from 1.6 on. Until 0.20 a leaf of one row adds 1, and one of two
//! what the formula gives.
//!
//! Source of truth: `IsolationForest` in `sklearn/ensemble/_iforest.py`.

use std::hint::black_box;

use crate::sklearn::tree::{Subsets, Trees, float32_input};
use crate::{
    Block, ClassSpec, ColumnHint, DataError, Dense, Estimator, Method, Nan, Output, ReadError,
    State, Values, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.ensemble._iforest.IsolationForest",
        "sklearn.ensemble.iforest.IsolationForest", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(IsolationForest::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::DecisionFunction, Method::ScoreSamples];

const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

#[derive(Debug)]
struct IsolationForest {
    trees: Trees,
    /// Path length to the leaf at each place of the forest, completed for the rows left there.
    lengths: Vec<f64>,
    counting: Counting,
    /// Average path length in a tree of as many rows as each was grown on.
    average: f64,
    offset: f64,
    /// Below it `predict` says -1.
    threshold: f64,
    any_number: bool,
}

impl IsolationForest {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let counting = Counting::of(state.version());
        let estimators = state.list("estimators_")?;
        let subsets = subsets(state, estimators.len())?;
        let mut known = KnownLengths::read(state, estimators.len())?;
        let mut lengths = Vec::new();
        let any_number = Version::new(1, 6) <= state.version();
        let nan = if any_number { Nan::Allowed } else { Nan::Refused };
        let mut index = 0;
        let trees = Trees::read_over(state, &estimators, nan, subsets.as_ref(), |it| {
            let paths = path_lengths(it.splits, it.numbers);
            let samples = it.ints("n_node_samples")?;
            for &number in it.numbers {
                let number = number as usize;
                let path = paths.get(number).copied().unwrap_or(0.0);
                let left = samples.get(number).copied().unwrap_or(0);
                let (path, rest) =
                    known.at(index, number).unwrap_or_else(|| (path, counting.average(left)));
                lengths.push(counting.length(path, rest));
            }
            index += 1;
            Ok(())
        })?;
        state.n_features_in(trees.n_features())?;
        known.clear();
        let name = if state.has("_max_samples") { "_max_samples" } else { "max_samples_" };
        let average = counting.average(state.int(name)?);
        let offset = state.float("offset_")?;
        let old = state.text_or("behaviour", "new")? == "old" && state.has("_threshold_");
        let threshold = if old { state.float("_threshold_")? } else { 0.0 };
        Ok(Self { trees, lengths, counting, average, offset, threshold, any_number })
    }

    fn input(&self, input: Block) -> Result<Dense, DataError> {
        if self.any_number && !matches!(input, Block::Sparse(_)) {
            return input.into_dense(self.trees.n_features());
        }
        float32_input(input, self.trees.n_features(), self.trees.nan)
    }

    fn scores(&self, x: &Dense) -> Vec<f64> {
        let forest = &self.trees.forest;
        let mut sums = vec![0.0; x.n_rows()];
        forest.leaves(&x.slices(), x.n_rows(), |it| {
            it.add(&self.lengths, &mut sums[it.first_row..]);
        });
        let n_trees = forest.n_trees() as f64;
        // A constant base would make the compiler call exp2, whose last bit differs from pow's.
        let two = black_box(2.0_f64);
        for sum in &mut sums {
            let share = self.counting.share(*sum, n_trees, self.average);
            *sum = -two.powf(-share);
        }
        sums
    }
}

/// The columns each tree sees, if it does not see all.
fn subsets(state: &State<'_>, n_trees: usize) -> Result<Option<Subsets>, ReadError> {
    let names = ["n_features_in_", "n_features_"];
    let name = names.into_iter().find(|it| state.has(it)).unwrap_or("n_features_in_");
    let n_features = state.count(name)?;
    if state.count("_max_features")? == n_features {
        return Ok(None);
    }
    let lists = state.list("estimators_features_")?;
    let features: Vec<Vec<i64>> = lists.iter().map(State::as_ints).collect::<Result<_, _>>()?;
    if features.len() != n_trees {
        let text = format!("has {} lists for {n_trees} trees", features.len());
        return Err(state.get("estimators_features_")?.invalid(text));
    }
    Ok(Some(Subsets { n_features, features }))
}

/// What a file from 1.3 on says of the paths: computed by the machine that trained.
struct KnownLengths {
    paths: Vec<Vec<f64>>,
    rests: Vec<Vec<f64>>,
}

impl KnownLengths {
    fn read(state: &State<'_>, n_trees: usize) -> Result<Self, ReadError> {
        let all = |name: &str| -> Result<Vec<Vec<f64>>, ReadError> {
            let Some(it) = state.optional(name) else { return Ok(vec![]) };
            let lists = it.as_list()?;
            if lists.len() != n_trees {
                return Err(it.invalid(format!("is not for {n_trees} trees")));
            }
            lists.iter().map(State::as_floats).collect()
        };
        Ok(Self {
            paths: all("_decision_path_lengths")?,
            rests: all("_average_path_length_per_tree")?,
        })
    }

    fn at(&self, tree: usize, node: usize) -> Option<(f64, f64)> {
        let at = |all: &[Vec<f64>]| all.get(tree)?.get(node).copied();
        Some((at(&self.paths)?, at(&self.rests)?))
    }

    fn clear(&mut self) {
        self.paths = vec![];
        self.rests = vec![];
    }
}

/// For each node (by its number) how many nodes lie on the way from the root, both ends counted.
/// `numbers` lists parents before their children.
fn path_lengths(splits: &[kernels::trees::Split], numbers: &[u32]) -> Vec<f64> {
    let mut lengths = vec![1.0; splits.len()];
    for &number in numbers {
        let (here, split) = (lengths[number as usize], splits[number as usize]);
        if split.left == -1 {
            continue;
        }
        for child in [split.left, split.right] {
            if let Some(length) = usize::try_from(child).ok().and_then(|it| lengths.get_mut(it)) {
                *length = here + 1.0;
            }
        }
    }
    lengths
}

/// How a version counts the rows left in a leaf, and in which order it computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counting {
    /// Until 0.20 one row counts 1.
    Early,
    Late,
}

impl Counting {
    fn of(version: Version) -> Self {
        if version < Version::new(0, 21) { Self::Early } else { Self::Late }
    }

    /// `_average_path_length` of one number.
    fn average(self, n_samples: i64) -> f64 {
        let n = n_samples as f64;
        match (self, n_samples) {
            (Self::Early, ..=1) | (Self::Late, 2) => 1.0,
            (Self::Late, ..=1) => 0.0,
            _ => 2.0 * ((n - 1.0).ln() + EULER_GAMMA) - 2.0 * (n - 1.0) / n,
        }
    }

    /// The length of a path of that many nodes, completed for the rows left in its leaf.
    fn length(self, nodes: f64, rest: f64) -> f64 {
        match self {
            Self::Early => nodes - 1.0 + rest,
            Self::Late => nodes + rest - 1.0,
        }
    }

    /// The mean length of a row's paths beside the average one.
    fn share(self, sum: f64, n_trees: f64, average: f64) -> f64 {
        let divisor = n_trees * average;
        match self {
            Self::Early => sum / n_trees / average,
            Self::Late if divisor == 0.0 => 1.0,
            Self::Late => sum / divisor,
        }
    }
}

impl Estimator for IsolationForest {
    fn n_features_in(&self) -> usize {
        self.trees.n_features()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.trees.column_hints()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !METHODS.contains(&method) {
            return Err(unsupported("IsolationForest", method));
        }
        let mut scores = self.scores(&self.input(input)?);
        if method == Method::ScoreSamples {
            return Ok(Output::floats(scores));
        }
        scores.iter_mut().for_each(|x| *x -= self.offset);
        if method == Method::DecisionFunction {
            return Ok(Output::floats(scores));
        }
        let sign = |x: &f64| if *x < self.threshold { -1 } else { 1 };
        Ok(Output::Vector(Values::Int(scores.iter().map(sign).collect())))
    }
}
