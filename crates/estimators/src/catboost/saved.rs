//! What a file says, before it is checked.

use std::ops::Range;
use std::sync::Arc;

use super::info::Info;

/// A model as a file gives it.
#[derive(Debug)]
pub(super) struct Saved {
    pub(super) info: Info,
    pub(super) features: Features,
    pub(super) trees: SavedTrees,
    /// By leaf, `n_sums` numbers each.
    pub(super) leaf_values: Vec<f64>,
    /// Columns of raw predictions.
    pub(super) n_sums: usize,
    pub(super) scale: f64,
    /// One for each column of raw predictions, or none at all.
    pub(super) biases: Vec<f64>,
}

impl Saved {
    /// Leaves no trees but those of a range. The bias belongs to the first tree.
    ///
    /// `None` if the numbers of trees, splits and leaf values do not fit each other.
    pub(super) fn keep(&mut self, range: Range<usize>) -> Option<()> {
        if range.start != 0 {
            self.biases.clear();
        }
        match &mut self.trees {
            SavedTrees::Symmetric { splits, sizes } => {
                let n_sums = self.n_sums;
                let n_splits = |sizes: &[u32]| sizes.iter().map(|it| *it as usize).sum::<usize>();
                let n_values = |sizes: &[u32]| {
                    let of = |size: &u32| 1_usize.checked_shl(*size)?.checked_mul(n_sums);
                    sizes.iter().try_fold(0, |sum: usize, size| sum.checked_add(of(size)?))
                };
                let (before, own) = (sizes.get(..range.start)?, sizes.get(range.clone())?);
                *splits = part(splits, n_splits(before), n_splits(own))?;
                self.leaf_values = part(&self.leaf_values, n_values(before)?, n_values(own)?)?;
                *sizes = own.to_vec();
            }
            SavedTrees::Others(trees) => {
                trees.truncate(range.end);
                trees.drain(..range.start.min(trees.len()));
            }
        }
        Some(())
    }
}

fn part<T: Copy>(items: &[T], start: usize, len: usize) -> Option<Vec<T>> {
    items.get(start..start.checked_add(len)?).map(<[T]>::to_vec)
}

/// What splits may look at. Splits are numbered from the first border of the first number to the last
/// border of the last statistic.
#[derive(Debug, Default)]
pub(super) struct Features {
    pub(super) numbers: Vec<NumberFeature>,
    pub(super) categories: Vec<CategoryFeature>,
    /// Places in the table of texts and embeddings, which no tree uses.
    pub(super) others: Vec<(i64, String)>,
    pub(super) one_hots: Vec<OneHot>,
    pub(super) ctrs: Vec<Ctr>,
    pub(super) tables: Vec<Table>,
}

/// A column of numbers.
#[derive(Debug)]
pub(super) struct NumberFeature {
    /// Its number among columns of numbers.
    pub(super) index: i64,
    /// Its place in the table.
    pub(super) column: i64,
    pub(super) name: String,
    pub(super) borders: Vec<f32>,
    /// Whether NaN is larger than any border; else it is larger than none.
    pub(super) nan_is_large: bool,
}

/// A column of categories.
#[derive(Debug)]
pub(super) struct CategoryFeature {
    /// Its number among columns of categories.
    pub(super) index: i64,
    /// Its place in the table.
    pub(super) column: i64,
    pub(super) name: String,
}

/// A column of categories that is compared with some of them.
#[derive(Debug)]
pub(super) struct OneHot {
    pub(super) index: i64,
    /// Hashes.
    pub(super) values: Vec<u32>,
}

/// A statistic of the target over training rows of the same categories, and its borders.
#[derive(Debug)]
pub(super) struct Ctr {
    pub(super) base: CtrBase,
    pub(super) target_border: i64,
    pub(super) prior: f32,
    pub(super) prior_weight: f32,
    pub(super) shift: f32,
    pub(super) scale: f32,
    pub(super) borders: Vec<f32>,
}

/// Which rows are of the same categories, and what is counted of them. It names a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct CtrBase {
    pub(super) projection: Projection,
    pub(super) kind: CtrKind,
    pub(super) classifier: i64,
}

/// Rows are the same if they have the same categories and the same answers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Projection {
    pub(super) categories: Vec<i64>,
    /// Column of numbers, and the border it is compared with.
    pub(super) numbers: Vec<(i64, Border)>,
    /// Column of categories, and the hash it is compared with.
    pub(super) one_hots: Vec<(i64, u32)>,
}

/// A border, which is equal to another if its bits are; 0 has one sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Border(u32);

impl Border {
    pub(super) fn new(border: f32) -> Self {
        Self((border + 0.0).to_bits())
    }

    pub(super) fn get(self) -> f32 {
        f32::from_bits(self.0)
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum CtrKind {
    Borders,
    Buckets,
    BinarizedTargetMeanValue,
    FloatTargetMeanValue,
    Counter,
    FeatureFreq,
}

impl CtrKind {
    /// All, in the order of their numbers.
    pub(super) const ALL: [(Self, &'static str); 6] = [
        (Self::Borders, "Borders"),
        (Self::Buckets, "Buckets"),
        (Self::BinarizedTargetMeanValue, "BinarizedTargetMeanValue"),
        (Self::FloatTargetMeanValue, "FloatTargetMeanValue"),
        (Self::Counter, "Counter"),
        (Self::FeatureFreq, "FeatureFreq"),
    ];
}

/// What was counted in training.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) base: CtrBase,
    /// Hash of the categories, in order, and the place of their counts.
    pub(super) places: Arc<[(u64, u32)]>,
    pub(super) counts: Counts,
    /// How many rows there were, for `Counter` and `FeatureFreq`.
    pub(super) denominator: i32,
    /// Counts of a place, for `Borders` and `Buckets`.
    pub(super) n_classes: i64,
}

/// Counts by place.
#[derive(Debug)]
pub(super) enum Counts {
    Rows(Vec<i32>),
    /// Sum of targets, and number of rows.
    Means(Vec<(f32, i32)>),
}

/// Trees whose splits are numbers in [`Features`]; one that is none is `u32::MAX`.
#[derive(Debug)]
pub(super) enum SavedTrees {
    /// All nodes of a level have one split. Splits tree by tree, and how many each tree has.
    Symmetric {
        splits: Vec<u32>,
        sizes: Vec<u32>,
    },
    Others(Vec<SavedTree>),
}

impl SavedTrees {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Symmetric { sizes, .. } => sizes.len(),
            Self::Others(trees) => trees.len(),
        }
    }
}

/// A tree of nodes that differ; node 0 is the root.
#[derive(Debug, Default)]
pub(super) struct SavedTree {
    pub(super) nodes: Vec<SavedNode>,
}

/// A node; a number that is none is `u32::MAX`, which is beyond the last split and the last node.
#[derive(Debug, Clone, Copy)]
pub(super) enum SavedNode {
    /// By number of its split: the nodes for the answers no and yes.
    Split { split: u32, no: u32, yes: u32 },
    /// The place of its first number in `leaf_values`.
    Leaf(u32),
}
