//! `RANSACRegressor`: the regressor that was trained on the inliers.
//!
//! | attribute    | shape     | meaning                  | since |
//! |--------------|-----------|--------------------------|-------|
//! | `estimator_` | regressor | answers in its stead     | any   |
//!
//! Source of truth: `RANSACRegressor.predict` in `sklearn/linear_model/_ransac.py`.

use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Estimator, Method, Output, ReadError,
    State, unsupported,
};

const METHODS: &[Method] = &[Method::Predict];

/// The newest path, then that of 0.21 and before.
pub(crate) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.linear_model._ransac.RANSACRegressor",
        "sklearn.linear_model.ransac.RANSACRegressor",
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(RansacRegressor::read(state)?)),
};

#[derive(Debug)]
struct RansacRegressor {
    estimator: Box<dyn Estimator>,
}

impl RansacRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let estimator = state.estimator("estimator_")?;
        if !estimator.methods().contains(&Method::Predict) {
            return Err(state.get("estimator_")?.wrong("a regressor"));
        }
        state.n_features_in(estimator.n_features_in())?;
        Ok(Self { estimator })
    }
}

impl Estimator for RansacRegressor {
    fn n_features_in(&self) -> usize {
        self.estimator.n_features_in()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.estimator.column_hints()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("RANSACRegressor", method));
        }
        self.estimator.call(method, input)
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.estimator.column_kinds()
    }

    fn selects_by_name(&self) -> bool {
        self.estimator.selects_by_name()
    }
}
