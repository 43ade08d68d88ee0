//! The leaves of regression trees: a number per target.

use kernels::trees::Leaves;

use super::Trees;
use crate::{Nan, ReadError, State};

/// Regression trees for the same targets.
#[derive(Debug)]
pub(crate) struct ValueLeaves {
    pub(crate) trees: Trees,
    /// A number for each place of the forest and each target, place by place; 0 at inner nodes.
    values: Vec<f64>,
}

impl ValueLeaves {
    /// Reads the `tree_` of every estimator in `trees`.
    pub(crate) fn read(
        model: &State<'_>,
        trees: &[State<'_>],
        nan: Nan,
    ) -> Result<Self, ReadError> {
        let mut all = Vec::new();
        let trees = Trees::read(model, trees, nan, |tree, (n_outputs, n_classes), values| {
            if n_classes != 1 {
                return Err(tree.invalid(format!("has {n_classes} values per target, expected 1")));
            }
            match values {
                [] => all.resize(all.len() + n_outputs, 0.0),
                _ => all.extend(values),
            }
            Ok(())
        })?;
        Ok(Self { trees, values: all })
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

    /// Adds to each row's sum what its leaf holds for a target.
    pub(crate) fn add(&self, leaves: &Leaves<'_>, target: usize, sums: &mut [f64]) {
        if self.trees.n_outputs == 1 {
            return leaves.add(&self.values, sums);
        }
        for (sum, &place) in sums.iter_mut().zip(leaves.places) {
            *sum += self.value(place, target);
        }
    }

    /// All numbers, to change in place: `n_outputs` per place.
    pub(crate) fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }
}
