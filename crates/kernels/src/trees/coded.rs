//! Nodes that split by threshold or by a set of whole numbers of any size, and may take 0 as missing:
//! LightGBM's.
//!
//! Source of truth: `NumericalDecision` and `CategoricalDecision` in LightGBM's `tree.h`.

use crate::trees::{Forest, Node, Number, Rule, Split};

/// Up to here a number is near 0.
const NEAR_ZERO: f64 = 1e-35_f32 as f64;

/// Sets of numbers from 0: the sets that a forest's nodes name.
#[derive(Debug, Clone, Default)]
pub struct Sets {
    /// Bit `c % 32` of a set's word `c / 32` is the number `c`.
    words: Vec<u32>,
    /// Where each set ends in `words`.
    ends: Vec<u32>,
}

impl Sets {
    fn contains(&self, set: usize, x: f64) -> bool {
        let Some(number) = whole(x) else { return false };
        let start = if set == 0 { 0 } else { self.ends[set - 1] as usize };
        let words = &self.words[start..self.ends[set] as usize];
        words.get(number / 32).is_some_and(|it| it >> (number % 32) & 1 != 0)
    }
}

/// A cell as the number of a category, cut off as C does; none if it is missing, below 0, or more than
/// 32 bits hold.
fn whole(x: f64) -> Option<usize> {
    (-1.0 < x && x < 2_147_483_648.0).then_some(x as usize)
}

impl Forest<Coded> {
    /// Adds a set, for [`Rule::Set`] of trees to come, and returns its number; `None` if there are too
    /// many.
    pub fn push_set(&mut self, words: &[u32]) -> Option<u32> {
        let number = u32::try_from(self.shared.ends.len()).ok()?;
        self.shared.words.extend_from_slice(words);
        self.shared.ends.push(u32::try_from(self.shared.words.len()).ok()?);
        Some(number)
    }
}

/// 16 bytes: an `f64` threshold or the number of a set, and a word each for feature and child.
#[derive(Debug, Clone, Copy)]
pub struct Coded {
    threshold: f64,
    left: u32,
    /// The three highest bits say where missing values go, whether it is a set, and whether 0 is missing.
    feature: u32,
}

const MISSING_LEFT: u32 = 1 << 31;
const BY_SET: u32 = 1 << 30;
const ZERO_MISSING: u32 = 1 << 29;
const FLAGS: u32 = MISSING_LEFT | BY_SET | ZERO_MISSING;

impl Node for Coded {
    type Value = f64;
    type Shared = Sets;

    fn shared(_: usize) -> Sets {
        Sets::default()
    }

    fn capacity(_: usize) -> usize {
        u32::MAX as usize
    }

    fn leaf(here: u32, _: &Sets) -> Self {
        Self { threshold: f64::EVERYTHING, left: here, feature: MISSING_LEFT }
    }

    fn inner(split: &Split, feature: u32, left: u32, sets: &mut Sets) -> Option<Self> {
        if split.categories.is_some() || feature & FLAGS != 0 {
            return None;
        }
        let missing = if split.missing_left { MISSING_LEFT } else { 0 };
        let (threshold, rule) = match split.rule {
            Rule::Threshold => (split.threshold, 0),
            Rule::ZeroMissing => (split.threshold, ZERO_MISSING),
            Rule::Set(it) if (it as usize) < sets.ends.len() => (f64::from(it), BY_SET),
            Rule::Set(_) => return None,
        };
        Some(Self { threshold, left, feature: feature | missing | rule })
    }

    fn threshold(self, here: u32, _: &Sets) -> Option<(usize, f64)> {
        let is_inner = self.left != here && self.feature & BY_SET == 0;
        is_inner.then_some(((self.feature & !FLAGS) as usize, self.threshold))
    }

    #[inline(always)]
    fn next<const MISSING: bool>(self, row: &[f64], sets: &Sets) -> u32 {
        let x = row[(self.feature & !FLAGS) as usize];
        let missing_left = self.feature & MISSING_LEFT != 0;
        let left = if self.feature & BY_SET != 0 {
            sets.contains(self.threshold as usize, x)
        } else if self.feature & ZERO_MISSING != 0 && (x.abs() <= NEAR_ZERO || x.is_nan()) {
            missing_left
        } else {
            x <= self.threshold || (MISSING && x.is_nan() && missing_left)
        };
        self.left + u32::from(!left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_from_0_in_32_bits_are_categories() {
        assert_eq!(
            [0.0, -0.5, 1.9, 2_147_483_647.0].map(whole),
            [0, 0, 1, 2_147_483_647].map(Some)
        );
        assert_eq!([-1.0, f64::NAN, f64::INFINITY, 2_147_483_648.0].map(whole), [None; 4]);
    }

    #[test]
    fn a_row_goes_left_if_its_number_is_in_the_set_or_missing_goes_there() {
        let tree = |rule| {
            let root =
                Split { left: 1, right: 2, threshold: -2.0, missing_left: true, ..Split::LEAF };
            [Split { rule, ..root }, Split::LEAF, Split::LEAF]
        };
        let column = [34.0, 0.0, -3.0, f64::NAN, 2.0];
        let mut went = vec![vec![0; column.len()]; 2];
        let mut forest = Forest::<Coded>::new(1);
        assert!(forest.clone().push(&tree(Rule::Set(0))).is_err());
        assert_eq!(forest.push_set(&[1]), Some(0));
        assert_eq!(forest.push_set(&[0, 0b100]), Some(1));
        forest.push(&tree(Rule::Set(1))).unwrap();
        forest.push(&tree(Rule::ZeroMissing)).unwrap();
        forest.leaves(&[&column], column.len(), |it| {
            for (i, place) in it.places.iter().enumerate() {
                went[it.tree][it.first_row + i] = place - it.tree_places.start as u32;
            }
        });
        assert_eq!(went, [vec![1, 2, 2, 2, 2], vec![2, 1, 1, 1, 2]]);
    }
}
