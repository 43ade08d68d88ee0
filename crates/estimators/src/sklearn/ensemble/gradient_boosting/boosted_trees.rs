//! The stages of gradient boosting: an initial prediction, and in each stage a tree per column.
//!
//! | attribute             | shape           | meaning                                              | since |
//! |-----------------------|-----------------|------------------------------------------------------|-------|
//! | `estimators_`         | (stages, K)     | `DecisionTreeRegressor`; K is 1, or one per class    | any   |
//! | `learning_rate`       | float           | factor of every leaf                                 | any   |
//! | `init_`               | see `initial`   | where the sum starts                                 | any   |
//!
//! Source of truth: `predict_stages` in `sklearn/ensemble/_gradient_boosting.pyx`: for every stage and
//! column in turn, `raw += learning_rate * leaf` in float64.

use super::initial::{Initial, Loss};
use crate::sklearn::tree::{ValueLeaves, float32_input};
use crate::{Block, ColumnHint, DataError, Dense, Nan, Output, ReadError, State, Values};

#[derive(Debug)]
pub(super) struct BoostedTrees {
    leaves: ValueLeaves,
    initial: Initial,
}

impl BoostedTrees {
    /// Reads trees for `n_columns` columns of raw predictions.
    pub(super) fn read(state: &State<'_>, n_columns: usize, loss: Loss) -> Result<Self, ReadError> {
        let rate = state.float("learning_rate")?;
        let trees = stages(state, n_columns)?;
        // Missing values are refused before any tree sees them.
        let leaves = ValueLeaves::read(state, &trees, Nan::Refused, rate)?;
        if leaves.n_outputs() != 1 {
            return Err(state.get("estimators_")?.invalid("has trees for several targets"));
        }
        let n_features = leaves.trees.n_features();
        state.n_features_in(n_features)?;
        let initial = Initial::read(state, loss, n_columns, n_features)?;
        Ok(Self { leaves, initial })
    }

    pub(super) fn column_hints(&self) -> Vec<ColumnHint> {
        self.leaves.trees.column_hints()
    }

    pub(super) fn n_features(&self) -> usize {
        self.leaves.trees.n_features()
    }

    /// The block as trees take it.
    pub(super) fn input(&self, input: Block) -> Result<Dense, DataError> {
        float32_input(input, self.n_features(), Nan::Refused)
    }

    /// Raw predictions, column by column.
    pub(super) fn raw(&self, x: &Dense) -> Result<Vec<Vec<f64>>, DataError> {
        let mut columns = self.initial.raw(x)?;
        self.leaves.add(x, &mut columns);
        Ok(columns)
    }

    /// `apply`: the leaf's number in the file for every stage and column, as floats.
    pub(super) fn apply(&self, x: &Dense) -> Output {
        let forest = &self.leaves.trees.forest;
        let mut columns = vec![Vec::with_capacity(x.n_rows()); forest.n_trees()];
        forest.leaves(&x.slices(), x.n_rows(), |it| {
            columns[it.tree].extend(it.places.iter().map(|&at| f64::from(forest.number(at))));
        });
        Output::Columns(columns.into_iter().map(Values::Float).collect())
    }
}

/// The trees of `estimators_`, stage by stage.
fn stages<'g>(state: &State<'g>, n_columns: usize) -> Result<Vec<State<'g>>, ReadError> {
    let estimators = state.get("estimators_")?;
    let array = state.array("estimators_")?;
    let expected = format!("an object array of shape (stages, {n_columns})");
    let [n_stages, found] = *array.shape else { return Err(estimators.wrong(&expected)) };
    let ids = array.objects(estimators.value().graph()).filter(|_| found == n_columns);
    let ids = ids.ok_or_else(|| estimators.wrong(&expected))?;
    estimators.charge(ids.len().saturating_mul(size_of::<State<'_>>()))?;
    let tree = |(at, id)| {
        let step = format!("[{}, {}]", at / n_columns, at % n_columns);
        estimators.step(estimators.value().at(id), &step)
    };
    debug_assert_eq!(n_stages * n_columns, ids.len());
    Ok(array.in_c_order(ids.to_vec()).into_iter().enumerate().map(tree).collect())
}
