//! Nodes as walks read them.
//!
//! Siblings lie side by side, so that a node names its left child only and a step is an addition. A
//! leaf is its own left child under a threshold that sends everything left: a walk that has arrived
//! stays, and needs no test.

use std::fmt;

use crate::trees::{Number, Split};

/// A node of a forest.
pub trait Node: Copy + Send + Sync + 'static {
    /// What it compares.
    type Value: Number;
    /// What all nodes of a forest share.
    type Shared: Clone + fmt::Debug + Send + Sync;

    /// What forests over `n_features` columns share at first.
    fn shared(n_features: usize) -> Self::Shared;

    /// How many nodes a tree over `n_features` columns may have.
    fn capacity(n_features: usize) -> usize;

    /// A leaf at place `here` of its tree.
    fn leaf(here: u32, shared: &Self::Shared) -> Self;

    /// An inner node, whose children lie at `left` and after it; `None` if this kind of node can't
    /// split so.
    fn inner(split: &Split, feature: u32, left: u32, shared: &mut Self::Shared) -> Option<Self>;

    /// The column that the node at place `here` of its tree compares and what with; `None` for a leaf, and for one that
    /// compares otherwise.
    fn threshold(self, here: u32, shared: &Self::Shared) -> Option<(usize, f64)>;

    /// The next place of a row: `left` if `row[feature] <= threshold`, else its sibling. A missing
    /// value goes right, or where the node says if `MISSING`.
    fn next<const MISSING: bool>(self, row: &[Self::Value], shared: &Self::Shared) -> u32;
}

/// How feature and child share the word of a [`Narrow`] node.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    feature_bits: u32,
}

impl Layout {
    /// For trees over `n_features` columns.
    #[must_use]
    pub fn new(n_features: usize) -> Self {
        Self { feature_bits: usize::BITS - n_features.saturating_sub(1).leading_zeros() }
    }
}

/// 8 bytes: an `f32` threshold, and a word of feature, missing flag and child.
#[derive(Debug, Clone, Copy)]
pub struct Narrow {
    threshold: f32,
    /// From the lowest bit: feature, one bit for where missing values go, left child.
    word: u32,
}

impl Narrow {
    fn new(threshold: f32, feature: u32, left: u32, missing_left: bool, layout: Layout) -> Self {
        let bits = layout.feature_bits;
        Self { threshold, word: feature | u32::from(missing_left) << bits | left << (bits + 1) }
    }
}

impl Node for Narrow {
    type Value = f32;
    type Shared = Layout;

    fn shared(n_features: usize) -> Layout {
        Layout::new(n_features)
    }

    fn capacity(n_features: usize) -> usize {
        let bits = Layout::new(n_features).feature_bits;
        1_usize.checked_shl(31_u32.saturating_sub(bits)).unwrap_or(0)
    }

    fn leaf(here: u32, layout: &Layout) -> Self {
        Self::new(f32::EVERYTHING, 0, here, true, *layout)
    }

    fn inner(split: &Split, feature: u32, left: u32, layout: &mut Layout) -> Option<Self> {
        let threshold = f32::threshold(split.threshold);
        let plain = split.is_plain();
        plain.then(|| Self::new(threshold, feature, left, split.missing_left, *layout))
    }

    fn threshold(self, here: u32, layout: &Layout) -> Option<(usize, f64)> {
        let bits = layout.feature_bits;
        let is_inner = self.word >> (bits + 1) != here;
        is_inner.then(|| ((self.word & ((1 << bits) - 1)) as usize, f64::from(self.threshold)))
    }

    #[inline(always)]
    fn next<const MISSING: bool>(self, row: &[f32], layout: &Layout) -> u32 {
        let bits = layout.feature_bits;
        let x = row[(self.word & ((1 << bits) - 1)) as usize];
        let mut left = x <= self.threshold;
        if MISSING {
            left |= x.is_nan() & (self.word >> bits & 1 != 0);
        }
        (self.word >> (bits + 1)) + u32::from(!left)
    }
}

/// A threshold of any type, and a word each for feature and child.
#[derive(Debug, Clone, Copy)]
pub struct Wide<T> {
    threshold: T,
    left: u32,
    /// The highest bit says where missing values go.
    feature: u32,
}

const MISSING_LEFT: u32 = 1 << 31;

impl<T: Number> Node for Wide<T> {
    type Value = T;
    type Shared = ();

    fn shared(_: usize) {}

    fn capacity(_: usize) -> usize {
        u32::MAX as usize
    }

    fn leaf(here: u32, (): &()) -> Self {
        Self { threshold: T::EVERYTHING, left: here, feature: MISSING_LEFT }
    }

    fn inner(split: &Split, feature: u32, left: u32, (): &mut ()) -> Option<Self> {
        let flag = if split.missing_left { MISSING_LEFT } else { 0 };
        let threshold = T::threshold(split.threshold);
        split.is_plain().then_some(Self { threshold, left, feature: feature | flag })
    }

    fn threshold(self, here: u32, (): &()) -> Option<(usize, f64)> {
        let column = (self.feature & !MISSING_LEFT) as usize;
        (self.left != here).then(|| (column, self.threshold.wide()))
    }

    #[inline(always)]
    fn next<const MISSING: bool>(self, row: &[T], (): &()) -> u32 {
        let x = row[(self.feature & !MISSING_LEFT) as usize];
        let mut left = x <= self.threshold;
        if MISSING {
            left |= x.is_missing() & (self.feature & MISSING_LEFT != 0);
        }
        self.left + u32::from(!left)
    }
}
