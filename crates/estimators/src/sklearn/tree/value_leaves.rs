//! The leaves of regression trees: a number per target.

use kernels::trees::{Leaves, SmallTrees};

use super::Trees;
use crate::{Dense, Nan, ReadError, State};

/// Regression trees for the same targets.
#[derive(Debug)]
pub(crate) struct ValueLeaves {
    pub(crate) trees: Trees,
    /// A number for each place of the forest and each target, place by place; 0 at inner nodes.
    values: Vec<f64>,
    /// The same trees once more, if they are all small and for one target: a faster way to their sums.
    small: Option<SmallTrees<f32>>,
}

impl ValueLeaves {
    /// Reads the `tree_` of every estimator in `trees`, and multiplies what their leaves hold by `rate`.
    pub(crate) fn read(
        model: &State<'_>,
        trees: &[State<'_>],
        nan: Nan,
        rate: f64,
    ) -> Result<Self, ReadError> {
        let mut values = Vec::new();
        let mut small = None;
        let mut all_small = true;
        let trees = Trees::read(model, trees, nan, |it| {
            if it.max_n_classes != 1 {
                let text = format!("has {} values per target, expected 1", it.max_n_classes);
                return Err(it.tree.invalid(text));
            }
            for &number in it.numbers {
                let number = number as usize;
                let factor = if it.is_leaf(number) { rate } else { 0.0 };
                values.extend(it.values(number).iter().map(|x| factor * x));
            }
            let leaf = |number| rate * it.values(number).first().copied().unwrap_or(0.0);
            let small = small.get_or_insert_with(|| SmallTrees::new(it.n_features));
            all_small = all_small && it.n_outputs == 1 && small.push(it.splits, leaf);
            Ok(())
        })?;
        Ok(Self { trees, values, small: small.filter(|_| all_small) })
    }

    /// Number of targets.
    pub(crate) fn n_outputs(&self) -> usize {
        self.trees.n_outputs
    }

    /// What the leaf at `place` holds for a target.
    #[inline]
    pub(crate) fn value(&self, place: u32, target: usize) -> f64 {
        self.values[place as usize * self.trees.n_outputs + target]
    }

    /// Adds what each row's leaves hold, tree after tree: for one target that of tree i to
    /// `sums[i % sums.len()]`, for several the numbers of every tree to the sums of their targets.
    pub(crate) fn add(&self, x: &Dense, sums: &mut [Vec<f64>]) {
        let columns = x.slices();
        if let Some(small) = &self.small {
            return small.add(&columns, x.n_rows(), sums);
        }
        let n_sums = sums.len();
        self.trees.forest.leaves(&columns, x.n_rows(), |it: Leaves<'_>| {
            if self.trees.n_outputs == 1 {
                return it.add(&self.values, &mut sums[it.tree % n_sums][it.first_row..]);
            }
            for (target, sums) in sums.iter_mut().enumerate() {
                for (sum, &place) in sums[it.first_row..].iter_mut().zip(it.places) {
                    *sum += self.value(place, target);
                }
            }
        });
    }
}
