//! How much each column lowers a tree's impurity: what `feature_importances_` is made of.
//!
//! | attribute                        | shape    | meaning                             | since |
//! |----------------------------------|----------|-------------------------------------|-------|
//! | `nodes` `.impurity`              | (nodes,) | impurity of the samples in a node   | any   |
//! | `nodes` `.weighted_n_node_samples` | (nodes,) | weight of the samples in a node   | any   |
//!
//! Source of truth: `Tree.compute_feature_importances` in `sklearn/tree/_tree.pyx`.

use kernels::sum::pairwise_sum;

use super::tree_nodes::Parts;
use crate::{ReadError, State};

/// Importances of the columns by one tree, and whether it splits at all.
pub(crate) struct ImpurityDecreases {
    pub(crate) importances: Vec<f64>,
    pub(crate) has_splits: bool,
}

impl ImpurityDecreases {
    /// Of the `tree_` of `estimator`: for each split, weight times impurity of the node less those of its
    /// children; divided by the root's weight.
    pub(crate) fn read(estimator: &State<'_>) -> Result<Self, ReadError> {
        let tree = Parts::read(estimator)?;
        let mut splits = Vec::new();
        tree.splits(&mut splits)?;
        let (impurity, weight) =
            (tree.floats("impurity")?, tree.floats("weighted_n_node_samples")?);
        let weighted: Vec<f64> = weight.iter().zip(&impurity).map(|(w, i)| w * i).collect();
        let of = |node: i64| usize::try_from(node).ok().and_then(|it| weighted.get(it)).copied();
        tree.tree.charge(tree.n_features.saturating_mul(8))?;
        let mut importances = vec![0.0; tree.n_features];
        for (split, own) in splits.iter().zip(&weighted).filter(|(it, _)| it.left != -1) {
            let column = usize::try_from(split.feature).ok();
            let place = column.and_then(|it| importances.get_mut(it));
            let (Some(place), Some(left), Some(right)) = (place, of(split.left), of(split.right))
            else {
                return Err(tree.tree.invalid("has a node that leaves the tree"));
            };
            *place += own - left - right;
        }
        let root = weight.first().copied().unwrap_or(1.0);
        importances.iter_mut().for_each(|it| *it /= root);
        Ok(Self { importances, has_splits: 1 < splits.len() })
    }

    /// `feature_importances_`: divided by their sum, if that is above 0.
    pub(crate) fn normalized(mut self) -> Self {
        let sum = pairwise_sum(&self.importances);
        if 0.0 < sum {
            self.importances.iter_mut().for_each(|it| *it /= sum);
        }
        self
    }
}
