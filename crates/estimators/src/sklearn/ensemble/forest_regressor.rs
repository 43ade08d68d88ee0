//! `RandomForestRegressor` and `ExtraTreesRegressor`: the mean of the trees' values. They differ in how
//! they are trained only.
//!
//! | attribute     | shape         | meaning                                         | since |
//! |---------------|---------------|-------------------------------------------------|-------|
//! | `estimators_` | list of trees | `DecisionTreeRegressor` or `ExtraTreeRegressor` | any   |
//!
//! Output: `predict` (n,) or (n, targets), `apply` (n, trees). Values are added in the order of the
//! trees, as Python does with one job (with more its order is that in which threads finish), and
//! divided by their number.
//!
//! Source of truth: `ForestRegressor.predict` in `sklearn/ensemble/_forest.py`.

use super::forest_trees::{forest_missing_values, leaf_numbers};
use crate::sklearn::tree::{ValueLeaves, float32_input, targets_output};
use crate::{
    Block, ClassSpec, ColumnHint, DataError, Dense, Estimator, Method, Output, ReadError, State,
    unsupported,
};

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read: |state| Ok(Box::new(ForestRegressor::read(state)?)) }
}

pub(super) const RANDOM_FOREST: ClassSpec = class(&[
    "sklearn.ensemble._forest.RandomForestRegressor",
    "sklearn.ensemble.forest.RandomForestRegressor", // until 0.21
]);

pub(super) const EXTRA_TREES: ClassSpec = class(&[
    "sklearn.ensemble._forest.ExtraTreesRegressor",
    "sklearn.ensemble.forest.ExtraTreesRegressor", // until 0.21
]);

const METHODS: &[Method] = &[Method::Predict, Method::Apply];

#[derive(Debug)]
struct ForestRegressor {
    leaves: ValueLeaves,
}

impl ForestRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let trees = state.list("estimators_")?;
        let nan = forest_missing_values(&trees)?;
        let leaves = ValueLeaves::read(state, &trees, nan, 1.0)?;
        state.n_features_in(leaves.trees.n_features())?;
        Ok(Self { leaves })
    }

    fn predict(&self, x: &Dense) -> Output {
        let mut targets = vec![vec![0.0; x.n_rows()]; self.leaves.n_outputs()];
        self.leaves.add(x, &mut targets);
        let n_trees = self.leaves.trees.forest.n_trees() as f64;
        targets.iter_mut().flatten().for_each(|sum| *sum /= n_trees);
        targets_output(targets)
    }
}

impl Estimator for ForestRegressor {
    fn n_features_in(&self) -> usize {
        self.leaves.trees.n_features()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.leaves.trees.column_hints()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = float32_input(input, self.n_features_in(), self.leaves.trees.nan)?;
        match method {
            Method::Predict => Ok(self.predict(&x)),
            Method::Apply => Ok(leaf_numbers(&self.leaves.trees.forest, &x)),
            _ => Err(unsupported("a forest regressor", method)),
        }
    }
}
