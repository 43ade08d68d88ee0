//! `GradientBoostingRegressor`: a start and the sum of the trees. The losses differ in how trees are
//! trained only; for the attributes see `boosted_trees.rs`.
//!
//! Output: `predict` (n,), `apply` (n, stages), as floats.
//!
//! Source of truth: `GradientBoostingRegressor.predict`, `apply` in `sklearn/ensemble/_gb.py`.

use super::boosted_trees::BoostedTrees;
use super::initial::Loss;
use crate::{
    Block, ClassSpec, ColumnHint, DataError, Estimator, Method, Output, ReadError, State,
    unsupported,
};

pub(in crate::sklearn::ensemble) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.ensemble._gb.GradientBoostingRegressor",
        "sklearn.ensemble.gradient_boosting.GradientBoostingRegressor", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(GradientBoostingRegressor::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::Apply];

/// All with raw predictions that are predictions; the first two names until 1.1.
const LOSSES: &[&str] = &["ls", "lad", "squared_error", "absolute_error", "huber", "quantile"];

#[derive(Debug)]
struct GradientBoostingRegressor {
    trees: BoostedTrees,
}

impl GradientBoostingRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let loss = state.text("loss")?;
        if !LOSSES.contains(&loss) {
            return Err(state.get("loss")?.unsupported(format!("is {loss:?}, which is unknown")));
        }
        Ok(Self { trees: BoostedTrees::read(state, 1, Loss::Identity)? })
    }
}

impl Estimator for GradientBoostingRegressor {
    fn n_features_in(&self) -> usize {
        self.trees.n_features()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.trees.column_hints()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = self.trees.input(input)?;
        match method {
            Method::Predict => {
                Ok(Output::floats(self.trees.raw(&x)?.into_iter().next().unwrap_or_default()))
            }
            Method::Apply => Ok(self.trees.apply(&x)),
            _ => Err(unsupported("GradientBoostingRegressor", method)),
        }
    }
}
