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
//! For the lines of `linear_tree` see `linear_leaves.rs`; other lines are not read.
//!
//! Source of truth: `Tree::Tree(const char*, size_t*)` in LightGBM's `src/io/tree.cpp`.

use super::fields::{Lines, floats, int, ints, key_value, starts_tree, words};
use super::tree::Tree;
use crate::{ReadError, State};

/// The lines from a tree on.
#[derive(Debug, Clone)]
pub(super) struct TextTrees<'t> {
    lines: Lines<'t>,
}

impl<'t> TextTrees<'t> {
    pub(super) fn new(lines: Lines<'t>) -> Self {
        Self { lines }
    }

    /// As `Source::next`.
    pub(super) fn next(
        &mut self,
        tree: Option<&mut Tree>,
        state: &State<'_>,
    ) -> Result<bool, ReadError> {
        // Blank lines stand between trees; any other ends them, so that a text cut off in a tree has none.
        let line = loop {
            match self.lines.next() {
                Some([]) => {}
                Some(line) if starts_tree(line) => break line,
                Some(_) => return Ok(false),
                None => return Err(state.invalid("ends early: no line follows the trees")),
            }
        };
        let fields = Fields::read(&mut self.lines);
        if let Some(tree) = tree {
            fields.decode(tree).map_err(|key| {
                let name = String::from_utf8_lossy(line);
                state.invalid(format!("{name}: has no valid {key}="))
            })?;
        }
        Ok(true)
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
        while let Some(line) = lines.next_unless_tree().filter(|it| !it.is_empty()) {
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
    fn decode(&self, to: &mut Tree) -> Result<(), &'static str> {
        let n_leaves = int(self.n_leaves).and_then(|it| usize::try_from(it).ok());
        // Each leaf is a number in a line: a text that says more is refused before it costs anything.
        let n_leaves = n_leaves.filter(|it| (1..=self.value.len()).contains(it));
        let n_leaves = n_leaves.ok_or("num_leaves")?;
        floats(self.value, n_leaves, &mut to.values).ok_or("leaf_value")?;
        self.decode_linear(n_leaves, to)?;
        self.decode_nodes(n_leaves - 1, to)?;
        self.decode_sets(to)?;
        to.finish();
        Ok(())
    }

    fn decode_linear(&self, n_leaves: usize, to: &mut Tree) -> Result<(), &'static str> {
        to.clear_linear();
        to.linear = int(self.is_linear).unwrap_or(0) != 0;
        if !to.linear {
            return Ok(());
        }
        floats(self.start, n_leaves, &mut to.starts).ok_or("leaf_const")?;
        let mut counts = Vec::new();
        ints(self.n_terms, n_leaves, &mut counts).ok_or("num_features")?;
        let mut end = 0_usize;
        for count in counts {
            let count = usize::try_from(count).ok().and_then(|it| end.checked_add(it));
            let count = count.ok_or("num_features")?;
            to.terms.push(end..count);
            end = count;
        }
        ints(self.columns, end, &mut to.columns).ok_or("leaf_features")?;
        floats(self.coefficients, end, &mut to.coefficients).ok_or("leaf_coeff")
    }

    fn decode_nodes(&self, n_nodes: usize, to: &mut Tree) -> Result<(), &'static str> {
        // A tree of one leaf has these lines empty or not at all.
        floats(self.threshold, n_nodes, &mut to.thresholds).ok_or("threshold")?;
        ints(self.feature, n_nodes, &mut to.features).ok_or("split_feature")?;
        ints(self.left, n_nodes, &mut to.left).ok_or("left_child")?;
        ints(self.right, n_nodes, &mut to.right).ok_or("right_child")?;
        match self.decision {
            Some(it) => ints(it, n_nodes, &mut to.decisions).ok_or("decision_type"),
            None => {
                to.decisions.clear();
                to.decisions.resize(n_nodes, 0);
                Ok(())
            }
        }
    }

    fn decode_sets(&self, to: &mut Tree) -> Result<(), &'static str> {
        to.clear_sets();
        let n_cat = int(self.n_cat).and_then(|it| usize::try_from(it).ok()).ok_or("num_cat")?;
        if n_cat == 0 {
            return Ok(());
        }
        let n_boundaries = n_cat.checked_add(1).ok_or("num_cat")?;
        ints(self.boundaries, n_boundaries, &mut to.boundaries).ok_or("cat_boundaries")?;
        for word in words(self.words) {
            let word = int(word).and_then(|it| u32::try_from(it).ok());
            to.words.push(word.ok_or("cat_threshold")?);
        }
        Ok(())
    }
}
