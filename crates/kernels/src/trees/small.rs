//! Trees of at most 32 leaves that hold a number each: all conditions at once, for many rows at a time.
//!
//! Leaves are numbered from left to right, and every row starts with all of them, as bits of a word. A
//! condition that a row does not meet takes the leaves of its left subtree away; of those left in the
//! end the first is the row's (QuickScorer: Lucchese et al., SIGIR 2015). There are no jumps, and
//! columns of rows fill vector registers.

use std::ops::BitAnd;

use crate::trees::{Number, Split};

/// Leaves a tree may have.
const LEAVES: usize = 32;

/// Trees for which rows are passed over once: their conditions and leaves stay in cache.
const TREES: usize = 128;

/// Trees over the same columns, small enough for words.
#[derive(Debug, Clone)]
pub struct SmallTrees<T> {
    n_features: usize,
    conditions: Vec<Condition<T>>,
    trees: Vec<Tree>,
}

#[derive(Debug, Clone, Copy)]
struct Condition<T> {
    threshold: T,
    feature: u32,
    /// The leaves that remain if the condition is not met.
    keep: u32,
    /// Whether a missing value meets it.
    missing_left: bool,
}

#[derive(Debug, Clone)]
struct Tree {
    /// Where its conditions end.
    end: usize,
    leaves: [f64; LEAVES],
}

impl<T: Lane> SmallTrees<T> {
    /// No trees yet, over `n_features` columns.
    #[must_use]
    pub fn new(n_features: usize) -> Self {
        Self { n_features, conditions: Vec::new(), trees: Vec::new() }
    }

    /// Adds a tree that a [`Forest`](crate::trees::Forest) over as many columns has taken; `leaf` is
    /// what a leaf, by its number, holds. `false`, and nothing is added, if it has too many leaves,
    /// splits by category or at NaN.
    pub fn push(&mut self, tree: &[Split], leaf: impl Fn(usize) -> f64) -> bool {
        let before = self.conditions.len();
        let leaves = self.conditions_of(tree, leaf);
        match leaves {
            Some(leaves) => self.trees.push(Tree { end: self.conditions.len(), leaves }),
            None => self.conditions.truncate(before),
        }
        leaves.is_some()
    }

    fn conditions_of(
        &mut self,
        tree: &[Split],
        leaf: impl Fn(usize) -> f64,
    ) -> Option<[f64; LEAVES]> {
        let mut leaves = [0.0; LEAVES];
        let mut n_leaves = 0_usize;
        // A node and, once its left subtree is done, the number of leaves before it.
        let mut open = vec![(0_usize, None)];
        while let Some((node, before)) = open.pop() {
            let split = tree.get(node)?;
            if split.left == -1 {
                *leaves.get_mut(n_leaves)? = leaf(node);
                n_leaves += 1;
                continue;
            }
            // Nothing is larger than NaN, nor smaller: the two ways to compare would differ.
            if !split.is_plain() || split.threshold.is_nan() {
                return None;
            }
            let Some(before) = before else {
                open.push((usize::try_from(split.right).ok()?, None));
                open.push((node, Some(n_leaves)));
                open.push((usize::try_from(split.left).ok()?, None));
                continue;
            };
            let feature = u32::try_from(split.feature).ok();
            let feature = feature.filter(|it| (*it as usize) < self.n_features)?;
            let gone = (1_u64 << n_leaves) - (1_u64 << before);
            self.conditions.push(Condition {
                threshold: T::threshold(split.threshold),
                feature,
                keep: !(gone as u32),
                missing_left: split.missing_left,
            });
        }
        Some(leaves)
    }

    /// Number of trees.
    #[must_use]
    pub fn n_trees(&self) -> usize {
        self.trees.len()
    }

    /// Whether this is the faster way to the sums of so many rows, on this processor. The sums are the
    /// same either way.
    #[must_use]
    pub fn pays(n_rows: usize) -> bool {
        // One or two rows leave most of a vector of `f64` idle.
        size_of::<T>() == 4 || (2 < n_rows && has_avx2())
    }

    /// Adds each row's leaves to its sums, tree by tree: tree i to `sums[i % sums.len()]`. `columns`
    /// are as many as the trees were made for, and `columns` and `sums` have `n_rows` numbers each.
    pub fn add(&self, columns: &[&[f64]], n_rows: usize, sums: &mut [Vec<f64>]) {
        assert_eq!(columns.len(), self.n_features, "as many columns as the trees were made for");
        #[cfg(target_arch = "x86_64")]
        if has_avx2() {
            // SAFETY: the processor has what the function is compiled for. Without, trees of 31 leaves
            // in `f64` take twenty times as long.
            #[allow(unsafe_code)]
            return unsafe { self.add_by_avx2(columns, n_rows, sums) };
        }
        self.add_by_size(columns, n_rows, sums);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1")]
    fn add_by_avx2(&self, columns: &[&[f64]], n_rows: usize, sums: &mut [Vec<f64>]) {
        self.add_by_size(columns, n_rows, sums);
    }

    #[inline(always)]
    fn add_by_size(&self, columns: &[&[f64]], n_rows: usize, sums: &mut [Vec<f64>]) {
        // Rows per array of words, and arrays per group of rows: as much as the compiler keeps in vector
        // registers. With more it puts words in memory, and a row takes ten times as long.
        match (size_of::<T>(), n_rows) {
            (4, ..=8) => self.add_groups::<8, 1>(columns, n_rows, sums),
            (4, _) => self.add_groups::<8, 2>(columns, n_rows, sums),
            (_, ..=4) => self.add_groups::<4, 1>(columns, n_rows, sums),
            _ => self.add_groups::<4, 2>(columns, n_rows, sums),
        }
    }

    #[inline(always)]
    fn add_groups<const LANES: usize, const N: usize>(
        &self,
        columns: &[&[f64]],
        n_rows: usize,
        sums: &mut [Vec<f64>],
    ) {
        let group_rows = N * LANES;
        let n_groups = n_rows.div_ceil(group_rows);
        // Group by group, within it column by column.
        let mut cells = vec![[[T::default(); LANES]; N]; n_groups * self.n_features];
        for (j, column) in columns.iter().enumerate() {
            let groups = cells.iter_mut().skip(j).step_by(self.n_features);
            for (group, column) in groups.zip(column[..n_rows].chunks(group_rows)) {
                group
                    .as_flattened_mut()
                    .iter_mut()
                    .zip(column)
                    .for_each(|(cell, &x)| *cell = T::cell(x));
            }
        }
        let n_columns = sums.len();
        for block in (0..self.trees.len()).step_by(TREES) {
            let trees = block..self.trees.len().min(block + TREES);
            for (group, cells) in cells.chunks_exact(self.n_features).enumerate() {
                let rows = group * group_rows..n_rows.min((group + 1) * group_rows);
                let mut start = block.checked_sub(1).map_or(0, |it| self.trees[it].end);
                for index in trees.clone() {
                    let tree = &self.trees[index];
                    let mut words = [[T::ALL; LANES]; N];
                    for it in &self.conditions[start..tree.end] {
                        let cells = &cells[it.feature as usize];
                        for (words, cells) in words.iter_mut().zip(cells) {
                            it.apply(cells, words);
                        }
                    }
                    start = tree.end;
                    let sums = &mut sums[index % n_columns][rows.clone()];
                    for (sum, &word) in sums.iter_mut().zip(words.as_flattened()) {
                        *sum += tree.leaves[T::first(word) % LEAVES];
                    }
                }
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) fn has_avx2() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1")
}

#[cfg(not(target_arch = "x86_64"))]
pub(super) fn has_avx2() -> bool {
    false
}

/// A number whose comparison gives a word of its own size.
pub trait Lane: Number {
    /// 32 leaves as bits; as wide as the number, so that both fill a vector.
    type Word: Copy + From<u32> + BitAnd<Output = Self::Word>;

    /// All leaves.
    const ALL: Self::Word;

    /// The first leaf that is left.
    fn first(word: Self::Word) -> usize;
}

impl Lane for f32 {
    type Word = u32;

    const ALL: u32 = u32::MAX;

    #[inline(always)]
    fn first(word: u32) -> usize {
        word.trailing_zeros() as usize
    }
}

impl Lane for f64 {
    type Word = u64;

    const ALL: u64 = u64::MAX;

    #[inline(always)]
    fn first(word: u64) -> usize {
        word.trailing_zeros() as usize
    }
}

impl<T: Lane> Condition<T> {
    /// Takes leaves away from the rows that do not meet the condition.
    #[inline(always)]
    fn apply<const LANES: usize>(&self, cells: &[T; LANES], words: &mut [T::Word; LANES]) {
        let (threshold, keep) = (self.threshold, T::Word::from(self.keep));
        if self.missing_left {
            for (word, x) in words.iter_mut().zip(cells) {
                *word = *word & if *x > threshold { keep } else { T::ALL };
            }
        } else {
            for (word, x) in words.iter_mut().zip(cells) {
                *word = *word & if *x <= threshold { T::ALL } else { keep };
            }
        }
    }
}
