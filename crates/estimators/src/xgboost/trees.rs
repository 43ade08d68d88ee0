//! The trees of a model, and the sums of their leaves in `float32`.
//!
//! | written by                 | margin                                             |
//! |----------------------------|----------------------------------------------------|
//! | until 1.2; dart until 1.3  | leaves in tree order, then the base score          |
//! | later                      | the base score, then leaves in tree order          |
//! | dart, scikit-learn's classes from 1.4 | each leaf as `((base + leaf) - base) * weight` |
//!
//! Source of truth: `PredValue`, later `PredictByAllTrees`, in XGBoost's `src/predictor/cpu_predictor.cc`;
//! `Dart::PredictBatchImpl`, `Dart::InplacePredict` in `src/gbm/gbtree.cc`.

use kernels::trees::{Float32Forest, Split};

use super::saved_trees::{LARGEST_CATEGORY, SavedTree};
use crate::hints::of_thresholds;
use crate::{ColumnHint, ReadError, State};

/// Trees and which column of margins each adds to.
#[derive(Debug)]
pub(super) struct Trees {
    walks: Walks,
    /// What leaves add, by place: `width` numbers each.
    leaves: Vec<f32>,
    width: usize,
    /// For each tree the column it adds to; with more numbers in a leaf, each has its own.
    groups: Vec<usize>,
    /// What dart multiplies each tree's leaves with.
    pub(super) weights: Option<Vec<f32>>,
    /// Trees that margins are made of: these first ones.
    pub(super) n_used: usize,
}

#[derive(Debug)]
enum Walks {
    Thresholds(Box<Float32Forest>),
    /// Some splits are by category; places are node numbers after those of the trees before.
    Mixed(Vec<MixedTree>),
}

#[derive(Debug)]
struct MixedTree {
    start: usize,
    splits: Vec<Split>,
    categories: Vec<Option<Vec<u32>>>,
}

/// When the base score is added to a margin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BaseScore {
    /// The base score is added in the end.
    Last,
    /// It is where sums start.
    First,
    /// It is also added to, and taken from, each leaf.
    InLeaves,
}

impl Trees {
    /// Checks trees over `n_features` columns, with a group each.
    pub(super) fn new(
        trees: Vec<SavedTree>,
        groups: Vec<usize>,
        width: usize,
        n_features: usize,
        state: &State<'_>,
    ) -> Result<Self, ReadError> {
        let total: usize = trees.iter().map(|it| it.splits.len()).sum();
        state.charge(total.saturating_mul(24))?;
        let largest = trees.iter().map(|it| it.splits.len()).max().unwrap_or(0);
        let mut forest = Float32Forest::new(n_features, largest);
        let is_mixed = trees.iter().any(|it| !it.categories.is_empty());
        let mut leaves = Vec::new();
        let mut mixed = Vec::new();
        for (number, mut tree) in trees.into_iter().enumerate() {
            tree.splits.iter_mut().for_each(|it| it.threshold = below(it.threshold));
            let pushed = forest.push(&tree.splits);
            pushed.map_err(|it| state.invalid(format!("has a wrong tree {number}: {it}")))?;
            if is_mixed {
                let start = leaves.len() / width;
                leaves.extend(tree.leaves);
                mixed.push(MixedTree { start, splits: tree.splits, categories: tree.categories });
                continue;
            }
            for &node in forest.numbers(number) {
                let start = node as usize * width;
                leaves.extend_from_slice(&tree.leaves[start..start + width]);
            }
        }
        let walks =
            if is_mixed { Walks::Mixed(mixed) } else { Walks::Thresholds(Box::new(forest)) };
        Ok(Self { walks, leaves, width, groups, weights: None, n_used: usize::MAX })
    }

    /// What the thresholds tell of the columns.
    pub(super) fn column_hints(&self, n_features: usize) -> Vec<ColumnHint> {
        match &self.walks {
            Walks::Thresholds(it) => of_thresholds(n_features, it.thresholds()),
            Walks::Mixed(trees) => {
                let of_tree = |it: &MixedTree| {
                    let splits = it.splits.iter().zip(it.categories.iter().map(Option::is_none));
                    let inner = splits.filter(|(split, is_plain)| split.left != -1 && *is_plain);
                    let threshold = |(split, _): (&Split, bool)| {
                        usize::try_from(split.feature).ok().map(|it| (it, split.threshold))
                    };
                    inner.filter_map(threshold).collect::<Vec<_>>()
                };
                of_thresholds(n_features, trees.iter().flat_map(of_tree))
            }
        }
    }

    /// Margins, column by column; `base` has one number for each.
    pub(super) fn margins(
        &self,
        columns: &[&[f64]],
        n_rows: usize,
        base: &[f32],
        order: BaseScore,
    ) -> Vec<Vec<f32>> {
        let start = |base: &f32| if order == BaseScore::Last { 0.0 } else { *base };
        let mut sums: Vec<Vec<f32>> = base.iter().map(|it| vec![start(it); n_rows]).collect();
        let mut add = |tree: usize, first_row: usize, places: &[u32]| {
            if self.n_used <= tree {
                return;
            }
            let weight = self.weights.as_ref().map(|it| it[tree]);
            for number in 0..self.width {
                let group = if self.width == 1 { self.groups[tree] } else { number };
                let base = base[group];
                for (sum, place) in sums[group][first_row..].iter_mut().zip(places) {
                    let leaf = self.leaves[*place as usize * self.width + number];
                    *sum += match (weight, order) {
                        (None, _) => leaf,
                        (Some(weight), BaseScore::InLeaves) => ((base + leaf) - base) * weight,
                        (Some(weight), _) => leaf * weight,
                    };
                }
            }
        };
        match &self.walks {
            _ if self.groups.is_empty() => {}
            Walks::Thresholds(it) => {
                it.leaves(columns, n_rows, |it| add(it.tree, it.first_row, it.places));
            }
            Walks::Mixed(trees) => {
                for (number, tree) in trees.iter().enumerate() {
                    let place = |row: usize| (tree.start + tree.leaf(columns, row)) as u32;
                    let places: Vec<u32> = (0..n_rows).map(place).collect();
                    add(number, 0, &places);
                }
            }
        }
        if order == BaseScore::Last {
            for (sums, base) in sums.iter_mut().zip(base) {
                sums.iter_mut().for_each(|it| *it += base);
            }
        }
        sums
    }
}

impl Trees {
    /// For each tree the number of the leaf each row falls in.
    pub(super) fn leaf_numbers(&self, columns: &[&[f64]], n_rows: usize) -> Vec<Vec<u32>> {
        let mut trees = vec![Vec::with_capacity(n_rows); self.groups.len()];
        match &self.walks {
            Walks::Thresholds(it) => it.leaves(columns, n_rows, |leaves| {
                trees[leaves.tree].extend(leaves.places.iter().map(|&place| it.number(place)));
            }),
            Walks::Mixed(mixed) => {
                for (numbers, tree) in trees.iter_mut().zip(mixed) {
                    numbers.extend((0..n_rows).map(|row| tree.leaf(columns, row) as u32));
                }
            }
        }
        trees
    }
}

/// The largest `float32` below a threshold: what is `<=` this is `<` the threshold.
fn below(threshold: f64) -> f64 {
    match threshold as f32 {
        f32::NEG_INFINITY => f64::NAN,
        it => f64::from(it.next_down()),
    }
}

impl MixedTree {
    /// The number of the leaf a row falls in. Every node has one parent, which was checked, so this ends.
    fn leaf(&self, columns: &[&[f64]], row: usize) -> usize {
        let mut node = 0;
        loop {
            let split = &self.splits[node];
            if split.left == -1 {
                return node;
            }
            let x = columns[split.feature as usize][row] as f32;
            let left = match self.categories.get(node).and_then(Option::as_ref) {
                _ if x.is_nan() => split.missing_left,
                None => f64::from(x) <= split.threshold,
                Some(bits) => !is_in(bits, x),
            };
            node = if left { split.left } else { split.right } as usize;
        }
    }
}

/// Whether a number is one of the categories; those beyond the largest, or below 0, never are.
fn is_in(bits: &[u32], x: f32) -> bool {
    if !(0.0..LARGEST_CATEGORY as f32).contains(&x) {
        return false;
    }
    let category = x as usize;
    bits.get(category / 32).is_some_and(|it| it >> (category % 32) & 1 != 0)
}
