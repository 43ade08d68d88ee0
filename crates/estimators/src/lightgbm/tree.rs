//! A tree, decoded from either form, and how its nodes compare.
//!
//! NaN is 0 to a node where it is not missing.
//!
//! Source of truth: `NumericalDecision` and `CategoricalDecision` in LightGBM's `tree.h`.

use std::ops::Range;

use kernels::trees::{Coded, Forest, Rule, Split};

use super::linear_leaves::LinearLeaves;

/// A tree decoded, and memory for the next. Node 0 is the root; child `c` below 0 is leaf `-1 - c`.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Of each node, its column.
    pub(super) features: Vec<i64>,
    /// A row goes left if `<=`; of a category split its number.
    pub(super) thresholds: Vec<f64>,
    /// 1: by category; 2: missing goes left; 4, 8: 0 or NaN is missing.
    pub(super) decisions: Vec<i64>,
    pub(super) left: Vec<i64>,
    pub(super) right: Vec<i64>,
    /// Of each leaf, what it adds.
    pub(super) values: Vec<f64>,
    /// Where the words of each category split begin, and the last ones' end.
    pub(super) boundaries: Vec<i64>,
    /// Bit `c % 32` of word `c / 32`: category `c` goes left.
    pub(super) words: Vec<u32>,
    /// Whether the leaves hold linear models: see `linear_leaves.rs`.
    pub(super) linear: bool,
    /// Of each leaf, where its sum starts.
    pub(super) starts: Vec<f64>,
    /// Of each leaf, which of `columns` and `coefficients` are its.
    pub(super) terms: Vec<Range<usize>>,
    pub(super) columns: Vec<i64>,
    pub(super) coefficients: Vec<f64>,
    /// Nodes, then leaves.
    splits: Vec<Split>,
}

impl Tree {
    pub(super) fn clear(&mut self) {
        let Self { features, thresholds, decisions, left, right, values, .. } = self;
        [thresholds, values].into_iter().for_each(Vec::clear);
        [features, decisions, left, right].into_iter().for_each(Vec::clear);
        self.clear_sets();
        self.clear_linear();
    }

    pub(super) fn clear_sets(&mut self) {
        self.boundaries.clear();
        self.words.clear();
    }

    pub(super) fn clear_linear(&mut self) {
        self.linear = false;
        self.terms.clear();
        self.columns.clear();
        [&mut self.starts, &mut self.coefficients].into_iter().for_each(Vec::clear);
    }

    /// Number of nodes that are no leaves.
    pub(super) fn n_nodes(&self) -> usize {
        self.features.len()
    }

    /// Nodes, then leaves, as a forest takes them.
    pub(super) fn splits(&self) -> &[Split] {
        &self.splits
    }

    /// What a leaf adds, by its number in [`Tree::splits`]; 0 for a node.
    pub(super) fn value(&self, number: usize) -> f64 {
        number.checked_sub(self.n_nodes()).map_or(0.0, |it| self.values[it])
    }

    /// The largest category that goes left at a node, -1 if none; `None` if it compares numbers.
    pub(super) fn largest_category(&self, node: usize) -> Option<i64> {
        if self.decisions[node] & 1 == 0 {
            return None;
        }
        let set = self.boundaries.get(self.thresholds[node] as usize..)?.get(..2)?;
        let words = set_of(set, &self.words)?;
        let last = words.iter().rposition(|it| *it != 0);
        Some(last.map_or(-1, |it| it as i64 * 32 + i64::from(words[it].ilog2())))
    }

    /// What a forest keeps of it, about.
    pub(super) fn bytes(&self) -> usize {
        let each = if self.linear { 96 } else { 56 };
        256 + each * self.splits.len() + 4 * self.words.len() + 16 * self.columns.len()
    }

    /// Makes [`Tree::splits`] of the lists, which are as long as one another.
    pub(super) fn finish(&mut self) {
        let n_nodes = self.n_nodes();
        let has_sets = 1 < self.boundaries.len();
        // A node beyond the last must not become a leaf.
        let child = |it: i64| match usize::try_from(it) {
            Ok(it) if it < n_nodes => it as i64,
            Ok(_) => i64::MAX,
            Err(_) => (n_nodes as i64).saturating_add(!it),
        };
        self.splits.clear();
        for node in 0..n_nodes {
            let threshold = self.thresholds[node];
            let (missing_left, rule) = rule(self.decisions[node], threshold, has_sets);
            let [left, right] = [self.left[node], self.right[node]].map(child);
            let feature = self.features[node];
            let split = Split { left, right, feature, threshold, ..Split::LEAF };
            self.splits.push(Split { missing_left, rule, ..split });
        }
        self.splits.resize(n_nodes + self.values.len(), Split::LEAF);
    }

    /// Adds the sets of category splits to a forest, and numbers the splits as the forest does.
    pub(super) fn add_sets(&mut self, forest: &mut Forest<Coded>) -> Result<(), String> {
        let mut first = None;
        for pair in self.boundaries.windows(2) {
            let set = set_of(pair, &self.words).ok_or("has no valid cat_boundaries=")?;
            let number = forest.push_set(set).ok_or("has too many categories")?;
            first.get_or_insert(number);
        }
        let n_sets = self.boundaries.len().saturating_sub(1) as f64;
        for (node, split) in self.splits.iter_mut().enumerate() {
            if let Rule::Set(number) = &mut split.rule {
                let known = (0.0..n_sets).contains(&split.threshold).then_some(first).flatten();
                let first = known.ok_or_else(|| format!("node {node} names no categories"))?;
                *number = first + split.threshold as u32;
            }
        }
        Ok(())
    }

    /// Adds what the leaves hold, in a forest's order: `numbers` are those of its places.
    pub(super) fn add_linear(
        &self,
        numbers: &[u32],
        n_features: usize,
        linear: &mut LinearLeaves,
    ) -> Result<(), String> {
        let is_column = |it: &i64| u32::try_from(*it).is_ok_and(|it| (it as usize) < n_features);
        if self.linear && !self.columns.iter().all(is_column) {
            return Err("a leaf has a column that the model does not have".to_owned());
        }
        for &number in numbers {
            let value = self.value(number as usize);
            let leaf = (number as usize).checked_sub(self.n_nodes());
            let Some(leaf) = leaf.filter(|_| self.linear) else {
                linear.push(value, value, [].into_iter());
                continue;
            };
            let own = self.terms[leaf].clone();
            let coefficients = self.coefficients[own.clone()].iter().copied();
            let columns = self.columns[own].iter().map(|it| *it as u32);
            linear.push(value, self.starts[leaf], columns.zip(coefficients));
        }
        Ok(())
    }
}

/// Where missing values go and how a node compares, by its decision.
fn rule(decision: i64, threshold: f64, has_sets: bool) -> (bool, Rule) {
    if decision & 1 != 0 && has_sets {
        // Its number in the forest is set by `Tree::add_sets`.
        return (false, Rule::Set(u32::MAX));
    }
    let default_left = decision & 2 != 0;
    let zero_left = 0.0 <= threshold;
    match decision >> 2 & 3 {
        1 if default_left != zero_left => (default_left, Rule::ZeroMissing),
        2 => (default_left, Rule::Threshold),
        _ => (zero_left, Rule::Threshold),
    }
}

/// The words between two boundaries.
fn set_of<'s>(pair: &[i64], words: &'s [u32]) -> Option<&'s [u32]> {
    let [start, end] = pair else { return None };
    words.get(usize::try_from(*start).ok()?..usize::try_from(*end).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_value_goes_where_the_decision_says() {
        assert_eq!(rule(0, 1.0, false), (true, Rule::Threshold));
        assert_eq!(rule(2, -1.0, false), (false, Rule::Threshold));
        assert_eq!(rule(2 | 8, -1.0, false), (true, Rule::Threshold));
        assert_eq!(rule(2 | 4, -1.0, false), (true, Rule::ZeroMissing));
        assert_eq!(rule(4, -1.0, false), (false, Rule::Threshold));
        assert_eq!(rule(1, 0.0, false), (true, Rule::Threshold));
        assert_eq!(rule(1, 0.0, true), (false, Rule::Set(u32::MAX)));
    }
}
