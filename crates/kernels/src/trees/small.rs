//! Trees of at most 32 leaves that hold a number each: all conditions at once, for many rows at a time.
//!
//! Leaves are numbered from left to right, and every row starts with all of them, as bits of a word. A
//! condition that a row does not meet takes the leaves of its left subtree away; of those left in the
//! end the first is the row's (QuickScorer: Lucchese et al., SIGIR 2015). There are no jumps, and
//! columns of rows fill vector registers.

use crate::trees::Split;
use crate::trees::lanes::{Condition, Lane};

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
        let Some(leaves) = self.conditions_of(tree, leaf) else {
            self.conditions.truncate(before);
            return false;
        };
        // In any order they leave the same; in this one the processor foresees of which kind each is.
        self.conditions[before..].sort_by_key(|it| it.missing_left);
        self.trees.push(Tree { end: self.conditions.len(), leaves });
        true
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
                gone: gone as u32,
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
            // SAFETY: the processor has what the function is compiled for.
            #[allow(unsafe_code)]
            return unsafe { self.add_by_avx2(columns, n_rows, sums) };
        }
        match n_rows * size_of::<T>() {
            ..=32 => self.add_groups(columns, n_rows, sums, T::remaining::<1>),
            _ => self.add_groups(columns, n_rows, sums, T::remaining::<2>),
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1")]
    fn add_by_avx2(&self, columns: &[&[f64]], n_rows: usize, sums: &mut [Vec<f64>]) {
        // SAFETY: whoever calls this has made sure of the same.
        #[allow(unsafe_code)]
        match n_rows * size_of::<T>() {
            ..=32 => self.add_groups(columns, n_rows, sums, |conditions, cells| unsafe {
                T::remaining_by_avx2::<1>(conditions, cells)
            }),
            _ => self.add_groups(columns, n_rows, sums, |conditions, cells| unsafe {
                T::remaining_by_avx2::<2>(conditions, cells)
            }),
        }
    }

    #[inline(always)]
    fn add_groups<const N: usize>(
        &self,
        columns: &[&[f64]],
        n_rows: usize,
        sums: &mut [Vec<f64>],
        remaining: impl Fn(&[Condition<T>], &[[T::Lanes; N]]) -> [T::Words; N],
    ) {
        let n_lanes = size_of::<T::Lanes>() / size_of::<T>();
        let cells = self.groups::<N>(columns, n_rows);
        let n_columns = sums.len();
        for block in (0..self.trees.len()).step_by(TREES) {
            let trees = block..self.trees.len().min(block + TREES);
            for (group, cells) in cells.chunks_exact(self.n_features).enumerate() {
                let rows = group * N * n_lanes..n_rows.min((group + 1) * N * n_lanes);
                let mut start = block.checked_sub(1).map_or(0, |it| self.trees[it].end);
                for index in trees.clone() {
                    let tree = &self.trees[index];
                    let words = remaining(&self.conditions[start..tree.end], cells);
                    start = tree.end;
                    let sums = sums[index % n_columns][rows.clone()].chunks_mut(n_lanes);
                    for (sums, words) in sums.zip(&words) {
                        for (sum, &word) in sums.iter_mut().zip(words.as_ref()) {
                            let word: u64 = word.into();
                            *sum += tree.leaves[word.trailing_zeros() as usize % LEAVES];
                        }
                    }
                }
            }
        }
    }

    /// Cells of `N` times as many rows as fill a vector, column by column; then those of the next rows.
    #[inline(always)]
    fn groups<const N: usize>(&self, columns: &[&[f64]], n_rows: usize) -> Vec<[T::Lanes; N]> {
        let n_lanes = size_of::<T::Lanes>() / size_of::<T>();
        let n_groups = n_rows.div_ceil(N * n_lanes);
        let mut cells = vec![[T::Lanes::default(); N]; n_groups * self.n_features];
        for (j, column) in columns.iter().enumerate() {
            let lanes = cells.iter_mut().skip(j).step_by(self.n_features).flatten();
            for (lanes, column) in lanes.zip(column[..n_rows].chunks(n_lanes)) {
                for (cell, &x) in lanes.as_mut().iter_mut().zip(column) {
                    *cell = T::cell(x);
                }
            }
        }
        cells
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
