//! `BaggingRegressor`: the mean of what its members predict.
//!
//! Attributes: those of `bags.rs`. Output: `predict` (n,), or (n, targets).
//!
//! Source of truth: `BaggingRegressor.predict` in `sklearn/ensemble/_bagging.py`.

use super::bags::Bags;
use super::voting_regressor::one_column;
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Estimator, Method, Output, ReadError,
    State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.ensemble._bagging.BaggingRegressor",
        "sklearn.ensemble.bagging.BaggingRegressor", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(BaggingRegressor::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict];

#[derive(Debug)]
struct BaggingRegressor {
    bags: Bags,
}

impl BaggingRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        Ok(Self { bags: Bags::read(state)? })
    }
}

impl Estimator for BaggingRegressor {
    fn n_features_in(&self) -> usize {
        self.bags.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.bags.column_hints()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("BaggingRegressor", method));
        }
        input.check_width(self.bags.n_features)?;
        let mean = self.bags.mean(method, &input)?;
        Ok(if mean.n_cols() == 1 { one_column(&mean) } else { Output::dense(mean) })
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.bags.column_kinds()
    }
}
