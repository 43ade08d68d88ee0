//! One tree as JSON and UBJSON have it.
//!
//! | key                              | length            | meaning                                                      | since |
//! |----------------------------------|-------------------|--------------------------------------------------------------|-------|
//! | `left_children`, `right_children` | nodes            | -1 for a leaf                                                | 1.0   |
//! | `split_indices`, `split_conditions` | nodes          | column and threshold: left if `<`; a leaf's value            | 1.0   |
//! | `default_left`                   | nodes             | where missing values go                                      | 1.0   |
//! | `split_type`                     | nodes             | 1: by category                                               | 1.3   |
//! | `categories_nodes`, `_segments`, `_sizes` | category splits | node, and its part of `categories`                    | 1.3   |
//! | `categories`                     |                   | those that go right                                          | 1.3   |
//! | `tree_param.size_leaf_vector`    | text              | numbers a leaf has, if more than 1                           | 2.0   |
//! | `base_weights`                   | nodes x numbers   | the numbers of leaves, until 3.0                             | 2.0   |
//! | `leaf_weights`                   | leaves x numbers  | the same; a leaf's right child says which                    | 3.1   |
//!
//! Source of truth: `RegTree::LoadModel` and `MultiTargetTree::LoadModel` in XGBoost's `src/tree/`.

use kernels::trees::{Rule, Split};

use crate::document::Node;
use crate::{ReadError, State};

/// The categories of one split; a category may be as large as this.
pub(super) const LARGEST_CATEGORY: f64 = 16_777_216.0;

/// A tree as a file gives it.
#[derive(Debug)]
pub(super) struct SavedTree {
    /// A threshold is the first number that goes right.
    pub(super) splits: Vec<Split>,
    /// What each node adds as a leaf: as many numbers each.
    pub(super) leaves: Vec<f32>,
    /// For nodes that split by category, the bits of those that go right; empty if no node does.
    pub(super) categories: Vec<Option<Vec<u32>>>,
}

/// How many numbers a leaf of this tree has.
pub(super) fn width(tree: &Node, state: &State<'_>) -> Result<usize, ReadError> {
    Ok(tree.get("tree_param", state)?.count("size_leaf_vector", state)?.max(1))
}

/// Reads a tree whose leaves have `width` numbers.
pub(super) fn read(tree: &Node, width: usize, state: &State<'_>) -> Result<SavedTree, ReadError> {
    let left = tree.numbers("left_children", state)?;
    let n = left.len();
    let of_nodes = |key: &str| match tree.numbers(key, state)? {
        it if it.len() == n => Ok(it),
        it => Err(state.invalid(format!("has {} {key} in a tree of {n} nodes", it.len()))),
    };
    let (right, feature) = (of_nodes("right_children")?, of_nodes("split_indices")?);
    let (threshold, default) = (of_nodes("split_conditions")?, of_nodes("default_left")?);
    state.charge(n.saturating_mul(size_of::<Split>() + size_of::<f32>() * width))?;
    let splits = (0..n).map(|i| {
        if left[i] == -1.0 {
            return Split::LEAF;
        }
        Split {
            left: left[i] as i64,
            right: right[i] as i64,
            feature: feature[i] as i64,
            threshold: threshold[i],
            missing_left: default[i] != 0.0,
            categories: None,
            rule: Rule::Threshold,
        }
    });
    let splits: Vec<Split> = splits.collect();
    let leaves = if width == 1 {
        threshold.iter().map(|it| *it as f32).collect()
    } else {
        leaf_vectors(tree, left, right, width, state)?
    };
    let categories = categories(tree, n, state)?;
    Ok(SavedTree { splits, leaves, categories })
}

fn leaf_vectors(
    tree: &Node,
    left: &[f64],
    right: &[f64],
    width: usize,
    state: &State<'_>,
) -> Result<Vec<f32>, ReadError> {
    let wrong = || state.invalid("has a tree with too few numbers in its leaves");
    let by_leaf = tree.find("leaf_weights").is_some();
    let weights = tree.numbers(if by_leaf { "leaf_weights" } else { "base_weights" }, state)?;
    let mut leaves = Vec::new();
    for node in 0..left.len() {
        if left[node] != -1.0 {
            leaves.extend(std::iter::repeat_n(0.0, width));
            continue;
        }
        let at = if by_leaf { right[node] } else { node as f64 };
        let is_place = 0.0 <= at && at < weights.len() as f64;
        let start = if is_place { (at as usize).saturating_mul(width) } else { weights.len() };
        let vector = weights.get(start..start.saturating_add(width)).ok_or_else(wrong)?;
        leaves.extend(vector.iter().map(|it| *it as f32));
    }
    Ok(leaves)
}

fn categories(
    tree: &Node,
    n: usize,
    state: &State<'_>,
) -> Result<Vec<Option<Vec<u32>>>, ReadError> {
    let wrong = || state.invalid("has a tree whose splits by category do not fit it");
    let nodes = tree.numbers("categories_nodes", state)?;
    let types = tree.numbers("split_type", state)?;
    if types.iter().filter(|it| **it != 0.0).count() != nodes.len() {
        return Err(wrong());
    }
    if nodes.is_empty() {
        return Ok(Vec::new());
    }
    let segments = tree.numbers("categories_segments", state)?;
    let sizes = tree.numbers("categories_sizes", state)?;
    let all = tree.numbers("categories", state)?;
    state.charge(n.saturating_mul(size_of::<Option<Vec<u32>>>()))?;
    let mut of_nodes = vec![None; n];
    for (i, node) in nodes.iter().enumerate() {
        let place = |numbers: &[f64]| {
            numbers.get(i).filter(|it| (0.0..1e15).contains(*it)).map(|it| *it as usize)
        };
        let (start, size) = place(segments).zip(place(sizes)).ok_or_else(wrong)?;
        let some = all.get(start..start.saturating_add(size)).ok_or_else(wrong)?;
        let is_split = types.get(*node as usize).is_some_and(|it| *it == 1.0);
        let slot = of_nodes.get_mut(*node as usize).filter(|_| is_split).ok_or_else(wrong)?;
        *slot = Some(bits(some, state)?);
    }
    Ok(of_nodes)
}

fn bits(categories: &[f64], state: &State<'_>) -> Result<Vec<u32>, ReadError> {
    let mut bits = Vec::new();
    for &category in categories {
        if !(0.0..LARGEST_CATEGORY).contains(&category) {
            return Err(state.invalid(format!("has a tree with the category {category:?}")));
        }
        let category = category as usize;
        let missing = (category / 32 + 1).saturating_sub(bits.len());
        state.charge(missing.saturating_mul(4))?;
        bits.resize(bits.len() + missing, 0);
        bits[category / 32] |= 1 << (category % 32);
    }
    Ok(bits)
}
