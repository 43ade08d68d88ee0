//! Nodes that split by threshold or by category.
//!
//! A category is a number from 0 to 255 in a cell of type `f64`, taken as a C compiler takes it on
//! x86-64: cut off, through 32 bits, to its lowest 8; what does not fit into 32 bits is 0.

use crate::trees::{CategorySplit, Node, Number, Rule, Split};

/// What a cell below 0 is in a column of categories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Negative {
    /// A missing value.
    Missing,
    /// The category its lowest 8 bits say.
    Wrapped,
}

/// The sets of a forest's category splits.
#[derive(Debug, Clone)]
pub struct Categories {
    /// For each split, the categories that go left; unknown ones among them if missing values do.
    left: Vec<[u32; 8]>,
    negative: Negative,
}

impl Categories {
    /// No splits yet.
    #[must_use]
    pub fn new(negative: Negative) -> Self {
        Self { left: Vec::new(), negative }
    }
}

/// 16 bytes: an `f64` threshold or the number of a category split, and a word each for feature and child.
#[derive(Debug, Clone, Copy)]
pub struct Mixed {
    threshold: f64,
    left: u32,
    /// The two highest bits say where missing values go, and whether it is a category split.
    feature: u32,
}

const MISSING_LEFT: u32 = 1 << 31;
const BY_CATEGORY: u32 = 1 << 30;

impl Node for Mixed {
    type Value = f64;
    type Shared = Categories;

    fn shared(_: usize) -> Categories {
        Categories::new(Negative::Missing)
    }

    fn capacity(_: usize) -> usize {
        u32::MAX as usize
    }

    fn leaf(here: u32, _: &Categories) -> Self {
        Self { threshold: f64::EVERYTHING, left: here, feature: MISSING_LEFT }
    }

    fn inner(split: &Split, feature: u32, left: u32, shared: &mut Categories) -> Option<Self> {
        if split.rule != Rule::Threshold {
            return None;
        }
        let missing = if split.missing_left { MISSING_LEFT } else { 0 };
        let Some(categories) = split.categories else {
            return Some(Self { threshold: split.threshold, left, feature: feature | missing });
        };
        let CategorySplit { left: mut goes_left, right } = categories;
        if split.missing_left {
            goes_left.iter_mut().zip(right).for_each(|(left, right)| *left |= !right);
        }
        let threshold = shared.left.len() as f64;
        shared.left.push(goes_left);
        Some(Self { threshold, left, feature: feature | missing | BY_CATEGORY })
    }

    fn threshold(self, here: u32, _: &Categories) -> Option<(usize, f64)> {
        let is_inner = self.left != here && self.feature & BY_CATEGORY == 0;
        let column = (self.feature & !(MISSING_LEFT | BY_CATEGORY)) as usize;
        is_inner.then_some((column, self.threshold))
    }

    #[inline(always)]
    fn next<const MISSING: bool>(self, row: &[f64], shared: &Categories) -> u32 {
        let x = row[(self.feature & !(MISSING_LEFT | BY_CATEGORY)) as usize];
        let left = if self.feature & BY_CATEGORY != 0 {
            let is_missing = x.is_nan() || (x < 0.0 && shared.negative == Negative::Missing);
            if is_missing {
                self.feature & MISSING_LEFT != 0
            } else {
                let category = category(x);
                shared.left[self.threshold as usize][usize::from(category / 32)] >> (category % 32)
                    & 1
                    != 0
            }
        } else {
            x <= self.threshold || (MISSING && x.is_nan() && self.feature & MISSING_LEFT != 0)
        };
        self.left + u32::from(!left)
    }
}

fn category(x: f64) -> u8 {
    let fits = -2_147_483_649.0 < x && x < 2_147_483_648.0;
    if fits { x as i32 as u8 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As scikit-learn 1.0 sends them, measured.
    #[test]
    fn cells_become_categories_as_a_c_compiler_makes_them() {
        let cells = [0.5, 1.9, 256.0, 257.5, 2_147_483_648.0, 4_294_967_297.0, f64::INFINITY];
        assert_eq!(cells.map(category), [0, 1, 0, 1, 0, 0, 0]);
        assert_eq!(
            [-1.0, -0.5, -255.0, -251.0, f64::NEG_INFINITY].map(category),
            [255, 0, 1, 5, 0]
        );
    }
}
