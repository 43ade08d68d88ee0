//! One node of a tree as JSON, key by key.

use super::fields::int;
use super::tree::Tree;
use crate::document::tokens::Tokens;
use crate::{ReadError, State};

/// A node whose keys are being read. With children it has its place among the tree's nodes at once.
#[derive(Debug, Default)]
pub(super) struct Node<'t> {
    has_keys: bool,
    place: Option<usize>,
    is_left: bool,
    feature: Option<i64>,
    decision: &'t str,
    threshold: &'t [u8],
    default_left: &'t str,
    missing: &'t str,
    value: Option<f64>,
    index: Option<i64>,
    start: Option<f64>,
    columns: &'t [u8],
    coefficients: &'t [u8],
}

/// A leaf that was read; they come in any order.
#[derive(Debug)]
pub(super) struct Leaf {
    index: i64,
    value: f64,
    start: Option<f64>,
    terms: std::ops::Range<usize>,
}

impl<'t> Node<'t> {
    /// Whether it is still without any key.
    pub(super) fn is_new(&self) -> bool {
        !self.has_keys
    }

    /// Reads the value of a key that is no child.
    pub(super) fn read(&mut self, key: &str, tokens: &mut Tokens<'t>) -> Result<(), String> {
        self.has_keys = true;
        let fault = || format!("has no valid {key}");
        let float = |word: &str| fast_float2::parse(word).map(Some).map_err(|_| fault());
        let count = |word: &str| int(word.as_bytes()).map(Some).ok_or_else(fault);
        match key {
            "split_feature" => self.feature = count(tokens.word()?)?,
            "leaf_index" => self.index = count(tokens.word()?)?,
            "leaf_value" => self.value = float(tokens.word()?)?,
            "leaf_const" => self.start = float(tokens.word()?)?,
            "default_left" => self.default_left = tokens.word()?,
            "decision_type" => self.decision = tokens.text()?,
            "missing_type" => self.missing = tokens.text()?,
            "threshold" => self.threshold = tokens.skip()?,
            "leaf_features" => self.columns = tokens.skip()?,
            "leaf_coeff" => self.coefficients = tokens.skip()?,
            _ => drop(tokens.skip()?),
        }
        Ok(())
    }

    /// Makes room for its place; the child that is read next is on `side`.
    pub(super) fn open_child(&mut self, side: &str, tree: &mut Tree) {
        self.has_keys = true;
        self.is_left = side == "left_child";
        if self.place.is_none() {
            self.place = Some(tree.n_nodes());
            tree.thresholds.push(0.0);
            [&mut tree.features, &mut tree.decisions].into_iter().for_each(|it| it.push(0));
            // Not a node's number: the forest refuses a child that never came.
            [&mut tree.left, &mut tree.right].into_iter().for_each(|it| it.push(i64::MAX));
        }
    }

    /// The child that was read is `child`.
    pub(super) fn add_child(&self, child: i64, tree: &mut Tree) {
        let children = if self.is_left { &mut tree.left } else { &mut tree.right };
        if let Some(it) = self.place.and_then(|place| children.get_mut(place)) {
            *it = child;
        }
    }

    /// Ends it, and returns what its parent calls it.
    pub(super) fn close(
        self,
        tree: &mut Tree,
        leaves: &mut Vec<Leaf>,
        state: &State<'_>,
    ) -> Result<i64, ReadError> {
        let Some(place) = self.place else { return self.close_leaf(tree, leaves, state) };
        let invalid = |text: &str| state.invalid(format!("a node has no valid {text}"));
        tree.features[place] = self.feature.ok_or_else(|| invalid("split_feature"))?;
        let missing = match self.missing {
            "None" => 0,
            "Zero" => 4,
            "NaN" => 8,
            _ => return Err(invalid("missing_type")),
        };
        let default = match self.default_left {
            "true" => 2,
            "false" => 0,
            _ => return Err(invalid("default_left")),
        };
        let (threshold, by_category) = match self.decision {
            "<=" => (fast_float2::parse(self.threshold).ok(), 0),
            "==" => (add_set(self.threshold, tree, state)?, 1),
            _ => return Err(invalid("decision_type")),
        };
        tree.thresholds[place] = threshold.ok_or_else(|| invalid("threshold"))?;
        tree.decisions[place] = missing | default | by_category;
        Ok(place as i64)
    }

    fn close_leaf(
        self,
        tree: &mut Tree,
        leaves: &mut Vec<Leaf>,
        state: &State<'_>,
    ) -> Result<i64, ReadError> {
        let invalid = |text: &str| state.invalid(format!("a leaf has no valid {text}"));
        let first = tree.columns.len();
        if self.start.is_some() {
            state.charge(8 * (self.columns.len() + self.coefficients.len()))?;
            let columns: Option<Vec<i64>> = serde_json::from_slice(self.columns).ok();
            let coefficients: Option<Vec<f64>> = serde_json::from_slice(self.coefficients).ok();
            tree.columns.extend(columns.ok_or_else(|| invalid("leaf_features"))?);
            tree.coefficients.extend(coefficients.ok_or_else(|| invalid("leaf_coeff"))?);
        }
        if tree.columns.len() != tree.coefficients.len() {
            return Err(invalid("leaf_coeff"));
        }
        // Only a root has no number.
        let index = self.index.unwrap_or(0);
        leaves.push(Leaf {
            index,
            value: self.value.ok_or_else(|| invalid("leaf_value"))?,
            start: self.start,
            terms: first..tree.columns.len(),
        });
        Ok(index.saturating_neg().saturating_sub(1))
    }
}

/// Adds the categories `1||3||5` to the tree's sets, and returns the set's number.
fn add_set(text: &[u8], tree: &mut Tree, state: &State<'_>) -> Result<Option<f64>, ReadError> {
    let list = text.strip_prefix(b"\"").and_then(|it| it.strip_suffix(b"\""));
    let Some(list) = list else { return Ok(None) };
    if tree.boundaries.is_empty() {
        tree.boundaries.push(0);
    }
    let number = tree.boundaries.len() - 1;
    let first = tree.words.len();
    for word in list.split(|it| *it == b'|').filter(|it| !it.is_empty()) {
        let Some(category) = int(word).and_then(|it| u32::try_from(it).ok()) else {
            return Ok(None);
        };
        let place = first + category as usize / 32;
        if tree.words.len() <= place {
            state.charge(4 * (place + 1 - tree.words.len()))?;
            tree.words.resize(place + 1, 0);
        }
        tree.words[place] |= 1 << (category % 32);
    }
    tree.boundaries.push(tree.words.len() as i64);
    Ok(Some(number as f64))
}

/// Puts the leaves of a tree in their order.
pub(super) fn place(leaves: Vec<Leaf>, tree: &mut Tree) -> Result<(), String> {
    let (n_leaves, n_nodes) = (leaves.len(), tree.n_nodes());
    if n_leaves != n_nodes + 1 {
        return Err(format!("has {n_leaves} leaves for {n_nodes} nodes"));
    }
    tree.linear = leaves.iter().any(|it| it.start.is_some());
    tree.values.resize(n_leaves, 0.0);
    if tree.linear {
        tree.starts.resize(n_leaves, 0.0);
        tree.terms.resize(n_leaves, 0..0);
    }
    let mut found = vec![false; n_leaves];
    for leaf in leaves {
        let index = usize::try_from(leaf.index).ok().filter(|it| *it < n_leaves);
        let index = index.filter(|it| !std::mem::replace(&mut found[*it], true));
        let index = index.ok_or_else(|| format!("has the leaf {}, or has it twice", leaf.index))?;
        tree.values[index] = leaf.value;
        if tree.linear {
            tree.starts[index] = leaf.start.ok_or("has leaves with and without leaf_const")?;
            tree.terms[index] = leaf.terms;
        }
    }
    Ok(())
}
