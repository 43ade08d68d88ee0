//! Trees whose nodes of one level share a condition: a row's leaf is the number that its answers make.
//!
//! All rows of a group answer a condition at once, trees outermost, so that columns of rows fill vector
//! registers and there are no jumps.

use crate::trees::small::has_avx2;

/// Rows that are worked on at a time: their cells stay in cache for all trees.
const ROWS: usize = 256;

/// Levels a tree may have.
pub const LEVELS: usize = 24;

/// Trees over the same columns, with as many numbers in each leaf.
#[derive(Debug, Clone)]
pub struct SymmetricTrees {
    n_features: usize,
    n_sums: usize,
    conditions: Vec<Condition>,
    /// For each tree, where its conditions end.
    ends: Vec<usize>,
    /// Leaf by leaf, tree after tree.
    values: Vec<f64>,
}

/// What a row answers: 1 if its number is larger. NaN never is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Condition {
    /// The column.
    pub feature: u32,
    /// What the column is compared with.
    pub border: f32,
}

impl SymmetricTrees {
    /// No trees yet, over `n_features` columns, with `n_sums` numbers a leaf.
    #[must_use]
    pub fn new(n_features: usize, n_sums: usize) -> Self {
        let (conditions, ends, values) = (Vec::new(), Vec::new(), Vec::new());
        Self { n_features, n_sums, conditions, ends, values }
    }

    /// Adds a tree. Condition i has bit i of a leaf's number; `values` are those of leaf 0, leaf 1, ….
    /// `false`, and nothing is added, if they do not fit one another or the columns.
    #[must_use]
    pub fn push(&mut self, conditions: &[Condition], values: &[f64]) -> bool {
        let fits = conditions.len() <= LEVELS
            && self.n_sums.checked_shl(conditions.len() as u32) == Some(values.len())
            && conditions.iter().all(|it| (it.feature as usize) < self.n_features);
        if fits {
            self.conditions.extend_from_slice(conditions);
            self.ends.push(self.conditions.len());
            self.values.extend_from_slice(values);
        }
        fits
    }

    /// Adds each row's leaves to its sums, tree by tree. There are as many `columns` and `sums` as the
    /// trees were made for, each with a number for each row.
    pub fn add(&self, columns: &[&[f32]], sums: &mut [Vec<f64>]) {
        assert_eq!(columns.len(), self.n_features, "as many columns as the trees were made for");
        assert_eq!(sums.len(), self.n_sums, "as many sums as a leaf has numbers");
        #[cfg(target_arch = "x86_64")]
        if has_avx2() {
            // SAFETY: the processor has what the function is compiled for.
            #[allow(unsafe_code)]
            return unsafe { self.add_by_avx2(columns, sums) };
        }
        self.add_groups(columns, sums);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1")]
    fn add_by_avx2(&self, columns: &[&[f32]], sums: &mut [Vec<f64>]) {
        self.add_groups(columns, sums);
    }

    #[inline(always)]
    fn add_groups(&self, columns: &[&[f32]], sums: &mut [Vec<f64>]) {
        let n_rows = sums.first().map_or(0, Vec::len);
        let mut leaves = [0_u32; ROWS];
        for first in (0..n_rows).step_by(ROWS) {
            let rows = first..n_rows.min(first + ROWS);
            let leaves = &mut leaves[..rows.len()];
            let (mut start, mut offset) = (0, 0);
            for &end in &self.ends {
                leaves.fill(0);
                for (level, it) in self.conditions[start..end].iter().enumerate() {
                    let cells = &columns[it.feature as usize][rows.clone()];
                    for (leaf, x) in leaves.iter_mut().zip(cells) {
                        *leaf |= u32::from(*x > it.border) << level;
                    }
                }
                let len = self.n_sums << (end - start);
                let values = &self.values[offset..offset + len];
                for (number, sums) in sums.iter_mut().enumerate() {
                    for (sum, leaf) in sums[rows.clone()].iter_mut().zip(&*leaves) {
                        *sum += values[*leaf as usize * self.n_sums + number];
                    }
                }
                start = end;
                offset += len;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_has_the_number_of_its_answers() {
        let mut trees = SymmetricTrees::new(2, 2);
        let conditions =
            [Condition { feature: 0, border: 1.0 }, Condition { feature: 1, border: -1.0 }];
        assert!(trees.push(&conditions, &[0.0, 10.0, 1.0, 11.0, 2.0, 12.0, 3.0, 13.0]));
        assert!(trees.push(&[], &[0.5, 0.25]));
        let nan = f32::NAN;
        let mut sums = vec![vec![0.0; 5]; 2];
        trees.add(&[&[1.0, 1.5, nan, 2.0, 0.0], &[-1.0, -1.0, 0.0, nan, 0.0]], &mut sums);
        assert_eq!(sums[0], [0.5, 1.5, 2.5, 1.5, 2.5]);
        assert_eq!(sums[1], [10.25, 11.25, 12.25, 11.25, 12.25]);
    }

    #[test]
    fn what_does_not_fit_is_not_taken() {
        let mut trees = SymmetricTrees::new(2, 1);
        let first = Condition { feature: 0, border: 1.0 };
        assert!(!trees.push(&[first], &[1.0]));
        assert!(!trees.push(&[Condition { feature: 2, ..first }], &[1.0, 2.0]));
        assert!(!trees.push(&[first; 200], &[1.0]));
        assert!(trees.push(&[first], &[1.0, 2.0]));
    }
}
