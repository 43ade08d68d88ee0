//! The trees of a model text.
//!
//! | line             | numbers        | meaning                                                         |
//! |------------------|----------------|-----------------------------------------------------------------|
//! | `num_leaves`     | one            | leaves; nodes are one less, node 0 is the root                  |
//! | `num_cat`        | one            | category splits                                                 |
//! | `split_feature`  | one a node     | column                                                          |
//! | `threshold`      | one a node     | a row goes left if `<=`; of a category split its number         |
//! | `decision_type`  | one a node     | 1: by category; 2: missing goes left; 4, 8: 0 or NaN is missing |
//! | `left_child`, `right_child` | one a node | a node, or `-1 - leaf`                                   |
//! | `leaf_value`     | one a leaf     | what it adds                                                    |
//! | `cat_boundaries` | `num_cat` + 1  | where each split's words begin in `cat_threshold`               |
//! | `cat_threshold`  | words          | bit `c % 32` of word `c / 32`: category `c` goes left           |
//!
//! NaN is 0 to a node where it is not missing. For the lines of `linear_tree` see `linear_leaves.rs`;
//! other lines are not read.
//!
//! Source of truth: `Tree::Tree(const char*, size_t*)` in LightGBM's `src/io/tree.cpp`.

use kernels::trees::{Coded, Fault, Forest, Leaves, Rule, SmallTrees, Split, Wide};

use super::fields::{Lines, floats, int, ints, key_value, starts_tree};
use super::linear_leaves::LinearLeaves;
use super::model_text::Header;
use crate::{Dense, ReadError, State};

#[derive(Debug)]
pub(super) struct Trees {
    forest: AnyForest,
    /// What the leaf at each place adds; 0 at inner nodes.
    values: Vec<f64>,
    /// The same trees once more, if they are all small: a faster way to their sums.
    small: Option<SmallTrees<f64>>,
    /// If any tree has leaves with linear models: those of all trees.
    linear: Option<LinearLeaves>,
    n_columns: usize,
}

#[derive(Debug)]
enum AnyForest {
    Plain(Forest<Wide<f64>>),
    Coded(Forest<Coded>),
}

impl AnyForest {
    fn push(&mut self, tree: &[Split]) -> Result<(), Fault> {
        match self {
            Self::Plain(it) => it.push(tree),
            Self::Coded(it) => it.push(tree),
        }
    }

    fn numbers(&self, tree: usize) -> &[u32] {
        match self {
            Self::Plain(it) => it.numbers(tree),
            Self::Coded(it) => it.numbers(tree),
        }
    }

    fn n_trees(&self) -> usize {
        match self {
            Self::Plain(it) => it.n_trees(),
            Self::Coded(it) => it.n_trees(),
        }
    }
}

impl Trees {
    /// Reads the trees of the first `n_iterations`, or of all.
    pub(super) fn read(
        state: &State<'_>,
        header: &Header<'_>,
        n_iterations: Option<usize>,
    ) -> Result<Self, ReadError> {
        let limit = n_iterations.map_or(usize::MAX, |it| it.saturating_mul(header.n_columns));
        let plain = AnyForest::Plain(Forest::new(header.n_features));
        if let Some(trees) = Self::read_into(plain, state, header, limit)? {
            return Ok(trees);
        }
        let coded = AnyForest::Coded(Forest::new(header.n_features));
        let trees = Self::read_into(coded, state, header, limit)?;
        trees.ok_or_else(|| state.invalid("has splits of no known kind"))
    }

    /// `None` if the forest's nodes can't split as a tree does.
    fn read_into(
        forest: AnyForest,
        state: &State<'_>,
        header: &Header<'_>,
        limit: usize,
    ) -> Result<Option<Self>, ReadError> {
        let small = Some(SmallTrees::new(header.n_features));
        let n_columns = header.n_columns;
        let mut trees = Self { forest, values: Vec::new(), small, linear: None, n_columns };
        let mut lines = header.rest;
        let mut scratch = Scratch::default();
        let mut found = 0;
        while let Some(line) = lines.next() {
            if !starts_tree(line) {
                // Blank lines stand between trees; any other ends them.
                if line.is_empty() {
                    continue;
                }
                break;
            }
            found += 1;
            let fields = Fields::read(&mut lines);
            if limit < found {
                continue;
            }
            let name = String::from_utf8_lossy(line);
            let invalid = |text: String| state.invalid(format!("{name}: {text}"));
            fields.decode(&mut scratch).map_err(|key| invalid(format!("has no valid {key}=")))?;
            state.charge(scratch.bytes())?;
            if !trees.push(&mut scratch, header.n_features).map_err(invalid)? {
                return Ok(None);
            }
        }
        if header.n_trees.is_some_and(|it| it != found) || found % n_columns != 0 {
            return Err(state.invalid(format!("has {found} trees: the text is not whole")));
        }
        Ok(Some(trees))
    }

    /// Adds a tree; `false` if the forest's nodes can't split so.
    fn push(&mut self, tree: &mut Scratch, n_features: usize) -> Result<bool, String> {
        match &mut self.forest {
            AnyForest::Coded(it) => tree.add_sets(it)?,
            AnyForest::Plain(_) if tree.splits.iter().any(|it| !it.is_plain()) => return Ok(false),
            AnyForest::Plain(_) => {}
        }
        if let Err(fault) = self.forest.push(&tree.splits) {
            return Err(fault.to_string());
        }
        let leaf = |number: usize| number.checked_sub(tree.n_nodes()).map(|it| tree.values[it]);
        let first_place = self.values.len();
        let numbers = self.forest.numbers(self.forest.n_trees() - 1);
        self.values.extend(numbers.iter().map(|&it| leaf(it as usize).unwrap_or(0.0)));
        if tree.linear && self.linear.is_none() {
            let mut linear = LinearLeaves::default();
            let before = &self.values[..first_place];
            before.iter().for_each(|&value| linear.push(value, value, [].into_iter()));
            self.linear = Some(linear);
        }
        if let Some(linear) = &mut self.linear {
            tree.add_linear(numbers, n_features, linear)?;
        }
        let leaf = |number| leaf(number).unwrap_or(0.0);
        if self.small.as_mut().is_some_and(|it| tree.linear || !it.push(&tree.splits, leaf)) {
            self.small = None;
        }
        Ok(true)
    }

    /// Number of trees a column.
    pub(super) fn n_iterations(&self) -> usize {
        self.forest.n_trees() / self.n_columns
    }

    /// The sums of the trees, column by column.
    pub(super) fn sums(&self, x: &Dense) -> Vec<Vec<f64>> {
        let mut sums = vec![vec![0.0; x.n_rows()]; self.n_columns];
        let columns = x.slices();
        let pays = SmallTrees::<f64>::pays(x.n_rows()) && self.linear.is_none();
        if let Some(small) = self.small.as_ref().filter(|_| pays) {
            small.add(&columns, x.n_rows(), &mut sums);
            return sums;
        }
        let add = |it: Leaves<'_>| {
            let sums = &mut sums[it.tree % self.n_columns][it.first_row..];
            let Some(linear) = &self.linear else { return it.add(&self.values, sums) };
            for (i, (sum, &place)) in sums.iter_mut().zip(it.places).enumerate() {
                *sum += linear.output(place, &columns, it.first_row + i);
            }
        };
        match &self.forest {
            AnyForest::Plain(it) => it.leaves(&columns, x.n_rows(), add),
            AnyForest::Coded(it) => it.leaves(&columns, x.n_rows(), add),
        }
        sums
    }
}

/// The lines of a tree that mean something, undecoded.
#[derive(Debug, Default)]
struct Fields<'t> {
    n_leaves: &'t [u8],
    n_cat: &'t [u8],
    feature: &'t [u8],
    threshold: &'t [u8],
    decision: Option<&'t [u8]>,
    left: &'t [u8],
    right: &'t [u8],
    value: &'t [u8],
    boundaries: &'t [u8],
    words: &'t [u8],
    is_linear: &'t [u8],
    start: &'t [u8],
    n_terms: &'t [u8],
    columns: &'t [u8],
    coefficients: &'t [u8],
}

impl<'t> Fields<'t> {
    fn read(lines: &mut Lines<'t>) -> Self {
        let mut fields = Self::default();
        while let Some(line) = lines.next_unless_tree() {
            let (key, value) = key_value(line);
            match key {
                b"num_leaves" => fields.n_leaves = value,
                b"num_cat" => fields.n_cat = value,
                b"split_feature" => fields.feature = value,
                b"threshold" => fields.threshold = value,
                b"decision_type" => fields.decision = Some(value),
                b"left_child" => fields.left = value,
                b"right_child" => fields.right = value,
                b"leaf_value" => fields.value = value,
                b"cat_boundaries" => fields.boundaries = value,
                b"cat_threshold" => fields.words = value,
                b"is_linear" => fields.is_linear = value,
                b"leaf_const" => fields.start = value,
                b"num_features" => fields.n_terms = value,
                b"leaf_features" => fields.columns = value,
                b"leaf_coeff" => fields.coefficients = value,
                _ => {}
            }
        }
        fields
    }

    /// Decodes over `to`; else names the line that is absent or wrong.
    fn decode(&self, to: &mut Scratch) -> Result<(), &'static str> {
        let n_leaves = int(self.n_leaves).and_then(|it| usize::try_from(it).ok());
        // Each leaf is a number in a line: a text that says more is refused before it costs anything.
        let n_leaves = n_leaves.filter(|it| (1..=self.value.len()).contains(it));
        let n_leaves = n_leaves.ok_or("num_leaves")?;
        floats(self.value, n_leaves, &mut to.values).ok_or("leaf_value")?;
        to.linear = int(self.is_linear).unwrap_or(0) != 0;
        if to.linear {
            floats(self.start, n_leaves, &mut to.starts).ok_or("leaf_const")?;
            ints(self.n_terms, n_leaves, &mut to.n_terms).ok_or("num_features")?;
            let n_terms = to
                .n_terms
                .iter()
                .try_fold(0_usize, |sum, it| sum.checked_add(usize::try_from(*it).ok()?));
            let n_terms = n_terms.ok_or("num_features")?;
            ints(self.columns, n_terms, &mut to.columns).ok_or("leaf_features")?;
            floats(self.coefficients, n_terms, &mut to.coefficients).ok_or("leaf_coeff")?;
        }
        self.decode_splits(n_leaves, to)
    }

    fn decode_splits(&self, n_leaves: usize, to: &mut Scratch) -> Result<(), &'static str> {
        let n_nodes = n_leaves - 1;
        let Scratch { splits, thresholds, features, left, right, decisions, .. } = to;
        // A tree of one leaf has these lines empty or not at all.
        floats(self.threshold, n_nodes, thresholds).ok_or("threshold")?;
        ints(self.feature, n_nodes, features).ok_or("split_feature")?;
        ints(self.left, n_nodes, left).ok_or("left_child")?;
        ints(self.right, n_nodes, right).ok_or("right_child")?;
        match self.decision {
            Some(it) => ints(it, n_nodes, decisions).ok_or("decision_type")?,
            None => {
                decisions.clear();
                decisions.resize(n_nodes, 0);
            }
        }
        let n_cat = int(self.n_cat).and_then(|it| usize::try_from(it).ok()).unwrap_or(0);
        to.boundaries.clear();
        to.words.clear();
        if n_cat != 0 {
            let n_boundaries = n_cat.checked_add(1).ok_or("num_cat")?;
            ints(self.boundaries, n_boundaries, &mut to.boundaries).ok_or("cat_boundaries")?;
            for word in super::fields::words(self.words) {
                let word = int(word).and_then(|it| u32::try_from(it).ok());
                to.words.push(word.ok_or("cat_threshold")?);
            }
        }
        // A node beyond the last must not become a leaf.
        let child = |it: i64| match usize::try_from(it) {
            Ok(it) if it < n_nodes => it as i64,
            Ok(_) => i64::MAX,
            Err(_) => (n_nodes as i64).saturating_add(!it),
        };
        splits.clear();
        for node in 0..n_nodes {
            let threshold = thresholds[node];
            let (missing_left, rule) = rule(decisions[node], threshold, n_cat);
            let [left, right] = [left[node], right[node]].map(child);
            let feature = features[node];
            splits.push(Split {
                left,
                right,
                feature,
                threshold,
                missing_left,
                rule,
                ..Split::LEAF
            });
        }
        splits.resize(n_nodes + n_leaves, Split::LEAF);
        Ok(())
    }
}

/// Where missing values go and how a node compares, by its `decision_type`.
fn rule(decision: i64, threshold: f64, n_cat: usize) -> (bool, Rule) {
    if decision & 1 != 0 && n_cat != 0 {
        // Its number in the forest is set by `Scratch::add_sets`.
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

/// A tree decoded, and memory for the next.
#[derive(Debug, Default)]
struct Scratch {
    /// Nodes, then leaves.
    splits: Vec<Split>,
    values: Vec<f64>,
    thresholds: Vec<f64>,
    features: Vec<i64>,
    left: Vec<i64>,
    right: Vec<i64>,
    decisions: Vec<i64>,
    boundaries: Vec<i64>,
    words: Vec<u32>,
    linear: bool,
    starts: Vec<f64>,
    n_terms: Vec<i64>,
    columns: Vec<i64>,
    coefficients: Vec<f64>,
}

impl Scratch {
    fn n_nodes(&self) -> usize {
        self.splits.len() - self.values.len()
    }

    /// What a forest keeps of it, about.
    fn bytes(&self) -> usize {
        let each = if self.linear { 96 } else { 56 };
        let linear = if self.linear { 16 * self.columns.len() } else { 0 };
        256 + each * self.splits.len() + 4 * self.words.len() + linear
    }

    /// Adds the sets of category splits to a forest, and numbers the splits as the forest does.
    fn add_sets(&mut self, forest: &mut Forest<Coded>) -> Result<(), String> {
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

    fn add_linear(
        &self,
        numbers: &[u32],
        n_features: usize,
        linear: &mut LinearLeaves,
    ) -> Result<(), String> {
        let is_column = |it: &i64| u32::try_from(*it).is_ok_and(|it| (it as usize) < n_features);
        if self.linear && !self.columns.iter().all(is_column) {
            return Err("a leaf has a column that the model does not have".to_owned());
        }
        let mut ends = vec![0_usize];
        if self.linear {
            ends.extend(self.n_terms.iter().scan(0, |end, it| {
                *end += *it as usize;
                Some(*end)
            }));
        }
        for &number in numbers {
            let leaf = (number as usize).checked_sub(self.n_nodes());
            let value = leaf.map_or(0.0, |it| self.values[it]);
            let Some(leaf) = leaf.filter(|_| self.linear) else {
                linear.push(value, value, [].into_iter());
                continue;
            };
            let own = ends[leaf]..ends[leaf + 1];
            let coefficients = self.coefficients[own.clone()].iter().copied();
            let columns = self.columns[own].iter().map(|it| *it as u32);
            linear.push(value, self.starts[leaf], columns.zip(coefficients));
        }
        Ok(())
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
    fn a_missing_value_goes_where_the_decision_type_says() {
        assert_eq!(rule(0, 1.0, 0), (true, Rule::Threshold));
        assert_eq!(rule(2, -1.0, 0), (false, Rule::Threshold));
        assert_eq!(rule(2 | 8, -1.0, 0), (true, Rule::Threshold));
        assert_eq!(rule(2 | 4, -1.0, 0), (true, Rule::ZeroMissing));
        assert_eq!(rule(4, -1.0, 0), (false, Rule::Threshold));
        assert_eq!(rule(1, 0.0, 0), (true, Rule::Threshold));
        assert_eq!(rule(1, 0.0, 1), (false, Rule::Set(u32::MAX)));
    }
}
