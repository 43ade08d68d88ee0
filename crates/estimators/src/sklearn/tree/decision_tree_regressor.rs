//! `DecisionTreeRegressor` and `ExtraTreeRegressor`: one tree, whose leaves hold a number per target.
//! They differ in how they are trained only.
//!
//! | attribute                             | shape  | meaning                            | since |
//! |---------------------------------------|--------|------------------------------------|-------|
//! | `tree_`                               | `Tree` | nodes and leaves                   | any   |
//! | `splitter`, `criterion`, `monotonic_cst` |     | whether missing values are taken   | any   |
//!
//! Output: `predict` (n,) or (n, targets), `apply` the leaf's number in the file.
//!
//! Source of truth: `BaseDecisionTree.predict` in `sklearn/tree/_classes.py`.

use super::{ValueLeaves, float32_input, missing_values};
use crate::{
    Block, ClassSpec, ColumnHint, DataError, Dense, Estimator, Method, Output, ReadError, State,
    Values, unsupported,
};

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec {
        paths,
        methods: METHODS,
        read: |state| Ok(Box::new(DecisionTreeRegressor::read(state)?)),
    }
}

pub(super) const DECISION_TREE: ClassSpec = class(&[
    "sklearn.tree._classes.DecisionTreeRegressor",
    "sklearn.tree.tree.DecisionTreeRegressor", // until 0.21
]);

pub(super) const EXTRA_TREE: ClassSpec = class(&[
    "sklearn.tree._classes.ExtraTreeRegressor",
    "sklearn.tree.tree.ExtraTreeRegressor", // until 0.21
]);

const METHODS: &[Method] = &[Method::Predict, Method::Apply];

#[derive(Debug)]
struct DecisionTreeRegressor {
    leaves: ValueLeaves,
}

impl DecisionTreeRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let nan = missing_values(state)?;
        let leaves = ValueLeaves::read(state, std::slice::from_ref(state), nan, 1.0)?;
        state.n_features_in(leaves.trees.n_features())?;
        Ok(Self { leaves })
    }

    fn predict(&self, x: &Dense) -> Output {
        let mut targets = vec![Vec::with_capacity(x.n_rows()); self.leaves.n_outputs()];
        self.leaves.trees.forest.leaves(&x.slices(), x.n_rows(), |it| {
            for (k, target) in targets.iter_mut().enumerate() {
                target.extend(it.places.iter().map(|&place| self.leaves.value(place, k)));
            }
        });
        targets_output(targets)
    }

    fn apply(&self, x: &Dense) -> Output {
        let mut numbers = Vec::with_capacity(x.n_rows());
        let forest = &self.leaves.trees.forest;
        forest.leaves(&x.slices(), x.n_rows(), |it| {
            numbers.extend(it.places.iter().map(|&place| i64::from(forest.number(place))));
        });
        Output::Vector(Values::Int(numbers))
    }
}

impl Estimator for DecisionTreeRegressor {
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
            Method::Apply => Ok(self.apply(&x)),
            _ => Err(unsupported("a decision tree regressor", method)),
        }
    }
}

/// One number per row, or one column per target.
pub(crate) fn targets_output(targets: Vec<Vec<f64>>) -> Output {
    let mut columns: Vec<Values> = targets.into_iter().map(Values::Float).collect();
    match (columns.len(), columns.pop()) {
        (1, Some(only)) => Output::Vector(only),
        (_, last) => Output::Columns(columns.into_iter().chain(last).collect()),
    }
}
