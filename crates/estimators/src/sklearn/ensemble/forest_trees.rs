//! What forests of both kinds share.

use kernels::trees::Float32Forest;

use crate::sklearn::tree::missing_values;
use crate::{Dense, Nan, Output, ReadError, State, Values, Version};

/// Whether a forest takes missing values: from 1.4, as its first tree does.
///
/// Source of truth: `BaseForest._validate_X_predict` in `sklearn/ensemble/_forest.py`.
pub(crate) fn forest_missing_values(trees: &[State<'_>]) -> Result<Nan, ReadError> {
    match trees.first() {
        Some(tree) if Version::new(1, 4) <= tree.version() => missing_values(tree),
        _ => Ok(Nan::Refused),
    }
}

/// `apply`: for each row and tree the leaf's number in the file, shape (n, trees).
pub(super) fn leaf_numbers(forest: &Float32Forest, x: &Dense) -> Output {
    let mut columns = vec![Vec::with_capacity(x.n_rows()); forest.n_trees()];
    forest.leaves(&x.slices(), x.n_rows(), |it| {
        columns[it.tree].extend(it.places.iter().map(|&place| i64::from(forest.number(place))));
    });
    Output::Columns(columns.into_iter().map(Values::Int).collect())
}
