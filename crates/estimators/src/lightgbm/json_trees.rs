//! The trees of a model as JSON. Each is an object whose `tree_structure` is the root.
//!
//! | key of a node                | meaning                                                                  |
//! |------------------------------|--------------------------------------------------------------------------|
//! | `split_feature`              | column                                                                   |
//! | `decision_type`, `threshold` | `<=` a number, or `==` one of the categories `1\|\|3\|\|5`                |
//! | `default_left`, `missing_type` | where missing values go, and what is missing: `None`, `Zero`, `NaN`    |
//! | `left_child`, `right_child`  | nodes                                                                    |
//! | `leaf_value`, `leaf_index`   | of a leaf; a root that is a leaf has no number                           |
//! | `leaf_const`, `leaf_features`, `leaf_coeff` | of a leaf of a `linear_tree`: see `linear_leaves.rs`; since 3.2 |
//!
//! Nodes are numbered in their order here, which is not that of the tree's own numbers.
//!
//! Source of truth: `Tree::ToJSON` and `NodeToJSON` in LightGBM's `src/io/tree.cpp`.

use super::header::{HUGE, Header, Seen};
use super::json_nodes::{Node, place};
use super::tree::Tree;
use crate::document::tokens::Tokens;
use crate::{ReadError, State};

/// The array of trees, from some item on.
#[derive(Debug, Clone)]
pub(super) struct JsonTrees<'t> {
    tokens: Tokens<'t>,
    n_done: usize,
}

impl<'t> JsonTrees<'t> {
    /// From the array's bracket on.
    pub(super) fn new(mut tokens: Tokens<'t>) -> Result<Self, String> {
        tokens.expect(b'[')?;
        Ok(Self { tokens, n_done: 0 })
    }

    /// As `Source::next`.
    pub(super) fn next(
        &mut self,
        tree: Option<&mut Tree>,
        header: &Header,
        state: &State<'_>,
    ) -> Result<bool, ReadError> {
        let number = self.n_done;
        let invalid = |text: String| state.invalid(format!("Tree={number}: {text}"));
        if !self.tokens.next_item(number == 0).map_err(invalid)? {
            return Ok(false);
        }
        self.n_done += 1;
        let Some(tree) = tree else {
            return self.tokens.skip().map(|_| true).map_err(invalid);
        };
        self.read(tree, state)?;
        let unbounded = |it: &i64| {
            let seen = usize::try_from(*it).ok().and_then(|it| header.seen.get(it));
            !matches!(seen, Some(Seen::Numbers { bounded: true, .. }))
        };
        for (threshold, feature) in tree.thresholds.iter_mut().zip(&tree.features) {
            if HUGE <= threshold.abs() && unbounded(feature) {
                let text = "has a threshold of 1e300, which stands for infinity too; save the model with \
                            save_model instead";
                return Err(state.unsupported(text));
            }
            if HUGE <= threshold.abs() {
                *threshold *= f64::INFINITY;
            }
        }
        tree.finish();
        Ok(true)
    }

    /// What can be known of the columns from how trees split them: nothing of those they don't.
    pub(super) fn seen(&self, header: &Header, state: &State<'_>) -> Result<Vec<Seen>, ReadError> {
        let mut seen = vec![Seen::Nothing; header.n_features()];
        let (mut all, mut tree) = (self.clone(), Tree::default());
        let mut is_first = true;
        let invalid = |text: String| state.invalid(text);
        while all.tokens.next_item(is_first).map_err(invalid)? {
            is_first = false;
            all.read(&mut tree, state)?;
            for (node, feature) in tree.features.iter().enumerate() {
                let feature = usize::try_from(*feature).ok().and_then(|it| seen.get_mut(it));
                let Some(seen) = feature else { continue };
                let largest = if let Seen::Categories(it) = *seen { it } else { -1 };
                *seen = match tree.largest_category(node) {
                    Some(it) => Seen::Categories(it.max(largest)),
                    None => Seen::ANY,
                };
            }
        }
        Ok(seen)
    }

    /// Reads a tree over `tree`, all but its splits.
    fn read(&mut self, tree: &mut Tree, state: &State<'_>) -> Result<(), ReadError> {
        let number = self.n_done;
        let invalid = |text: String| state.invalid(format!("Tree={number}: {text}"));
        tree.clear();
        self.tokens.expect(b'{').map_err(invalid)?;
        let mut is_first = true;
        while let Some(key) = self.tokens.next_key(is_first).map_err(invalid)? {
            is_first = false;
            if key == "tree_structure" && tree.values.is_empty() {
                self.nodes(tree, state)?;
            } else {
                self.tokens.skip().map_err(invalid)?;
            }
        }
        if tree.values.is_empty() {
            return Err(invalid("has no tree_structure".to_owned()));
        }
        Ok(())
    }

    /// Reads the nodes, the root first.
    fn nodes(&mut self, tree: &mut Tree, state: &State<'_>) -> Result<(), ReadError> {
        let invalid = |text: String| state.invalid(text);
        let mut leaves = Vec::new();
        self.tokens.expect(b'{').map_err(invalid)?;
        let mut open = vec![Node::default()];
        let mut deepest = 0;
        while let Some(node) = open.last_mut() {
            match self.tokens.next_key(node.is_new()).map_err(invalid)? {
                Some(side @ ("left_child" | "right_child")) => {
                    node.open_child(side, tree);
                    self.tokens.expect(b'{').map_err(invalid)?;
                    // What a node takes in the tree's lists, and a level of open nodes.
                    let level = if deepest < open.len() { size_of::<Node<'_>>() } else { 0 };
                    state.charge(128 + level)?;
                    deepest = deepest.max(open.len());
                    open.push(Node::default());
                }
                Some(key) => node.read(key, &mut self.tokens).map_err(invalid)?,
                None => {
                    let node = open.pop().unwrap_or_default();
                    let child = node.close(tree, &mut leaves, state)?;
                    if let Some(parent) = open.last_mut() {
                        parent.add_child(child, tree);
                    }
                }
            }
        }
        place(leaves, tree).map_err(invalid)
    }
}
