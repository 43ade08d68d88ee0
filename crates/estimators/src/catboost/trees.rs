//! The trees of a model, and the sums of their leaves: in tree order from 0, then times the scale, plus the
//! bias.
//!
//! Source of truth: `catboost/libs/model/cpu/evaluator_impl.cpp`, `scale_and_bias.cpp`.

use kernels::trees::{Condition, Float32Forest, LEVELS, Split, SymmetricTrees};

use super::saved::{SavedNode, SavedTree, SavedTrees};
use super::splits::Splits;
use crate::{ReadError, State};

/// Trees over columns of `float32`.
#[derive(Debug)]
pub(super) enum Trees {
    Symmetric(SymmetricTrees),
    /// Values by place in the forest: `n_sums` each.
    Others {
        forest: Box<Float32Forest>,
        values: Vec<f64>,
        n_sums: usize,
    },
}

impl Trees {
    /// Checks the trees of a file; their splits' columns are then known to `splits`.
    pub(super) fn new(
        trees: &SavedTrees,
        leaf_values: &[f64],
        n_sums: usize,
        splits: &mut Splits<'_, '_, '_>,
        state: &State<'_>,
    ) -> Result<Self, ReadError> {
        match trees {
            SavedTrees::Symmetric { splits: numbers, sizes } => {
                state.charge(numbers.len().saturating_mul(2 * size_of::<Condition>()))?;
                let numbers = numbers.iter().map(|it| splits.condition(*it));
                let conditions = numbers.collect::<Result<Vec<_>, _>>()?;
                let trees = SymmetricTrees::new(splits.n_sources(), n_sums);
                symmetric(trees, &conditions, sizes, leaf_values, n_sums, state)
            }
            SavedTrees::Others(trees) => others(trees, leaf_values, n_sums, splits, state),
        }
    }

    /// The sums of the leaves, column by column.
    pub(super) fn sums(&self, columns: &[&[f32]], n_rows: usize, n_sums: usize) -> Vec<Vec<f64>> {
        let mut sums = vec![vec![0.0; n_rows]; n_sums];
        match self {
            Self::Symmetric(it) => it.add(columns, &mut sums),
            Self::Others { forest, values, n_sums } => {
                let wide = columns.iter().map(|it| it.iter().map(|x| f64::from(*x)).collect());
                let wide: Vec<Vec<f64>> = wide.collect();
                let slices: Vec<&[f64]> = wide.iter().map(Vec::as_slice).collect();
                forest.leaves(&slices, n_rows, |it| {
                    if *n_sums == 1 {
                        return it.add(values, &mut sums[0][it.first_row..]);
                    }
                    for (number, sums) in sums.iter_mut().enumerate() {
                        for (sum, place) in sums[it.first_row..].iter_mut().zip(it.places) {
                            *sum += values[*place as usize * n_sums + number];
                        }
                    }
                });
            }
        }
        sums
    }
}

fn symmetric(
    mut trees: SymmetricTrees,
    conditions: &[Condition],
    sizes: &[u32],
    leaf_values: &[f64],
    n_sums: usize,
    state: &State<'_>,
) -> Result<Trees, ReadError> {
    let (mut conditions, mut values) = (conditions, leaf_values);
    for (number, size) in sizes.iter().enumerate() {
        let fault = |text: &str| state.invalid(format!("has a tree {number} {text}"));
        let size = *size as usize;
        if LEVELS < size {
            return Err(fault(&format!("of more than {LEVELS} levels")));
        }
        let short = || fault("with other numbers of splits and leaves");
        let (own, rest) = conditions.split_at_checked(size).ok_or_else(short)?;
        let len = n_sums.saturating_mul(1 << size);
        let (leaves, rest_values) = values.split_at_checked(len).ok_or_else(short)?;
        (conditions, values) = (rest, rest_values);
        state.charge(len.saturating_mul(8))?;
        if !trees.push(own, leaves) {
            return Err(short());
        }
    }
    if !conditions.is_empty() || !values.is_empty() {
        return Err(state.invalid("has splits or leaf values that no tree has"));
    }
    Ok(Trees::Symmetric(trees))
}

fn others(
    trees: &[SavedTree],
    leaf_values: &[f64],
    n_sums: usize,
    splits: &mut Splits<'_, '_, '_>,
    state: &State<'_>,
) -> Result<Trees, ReadError> {
    // What a forest keeps of a node, and its values.
    let total: usize = trees.iter().map(|it| it.nodes.len()).sum();
    state.charge(total.saturating_mul(16 + 8 * n_sums))?;
    for node in trees.iter().flat_map(|it| &it.nodes) {
        if let SavedNode::Split { split, .. } = node {
            splits.condition(*split)?;
        }
    }
    let largest = trees.iter().map(|it| it.nodes.len()).max().unwrap_or(0);
    state.charge(largest.saturating_mul(size_of::<Split>()))?;
    let mut forest = Float32Forest::new(splits.n_sources(), largest);
    let (mut values, mut nodes) = (Vec::new(), Vec::new());
    for (number, tree) in trees.iter().enumerate() {
        let fault = |text: String| state.invalid(format!("has a tree {number} that {text}"));
        nodes.clear();
        for node in &tree.nodes {
            nodes.push(node_of(*node, splits)?);
        }
        forest.push(&nodes).map_err(|it| fault(it.to_string()))?;
        for &node in forest.numbers(number) {
            let SavedNode::Leaf(first) = tree.nodes[node as usize] else {
                values.extend((0..n_sums).map(|_| 0.0));
                continue;
            };
            let first = first as usize;
            let own = first.checked_add(n_sums).and_then(|end| leaf_values.get(first..end));
            let own = own.ok_or_else(|| fault(format!("has no values for the leaf {node}")))?;
            values.extend_from_slice(own);
        }
    }
    Ok(Trees::Others { forest: Box::new(forest), values, n_sums })
}

fn node_of(node: SavedNode, splits: &mut Splits<'_, '_, '_>) -> Result<Split, ReadError> {
    let SavedNode::Split { split, no, yes } = node else { return Ok(Split::LEAF) };
    let it = splits.condition(split)?;
    Ok(Split {
        left: no.into(),
        right: yes.into(),
        feature: it.feature.into(),
        threshold: it.border.into(),
        missing_left: true,
        ..Split::LEAF
    })
}
