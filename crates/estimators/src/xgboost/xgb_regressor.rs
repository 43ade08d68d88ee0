//! `XGBRegressor`, `XGBRFRegressor` and `XGBRanker`: a `Booster` with scikit-learn's methods.
//!
//! | attribute         | shape     | meaning                                                          |
//! |-------------------|-----------|------------------------------------------------------------------|
//! | `_Booster`        | `Booster` | the model: `learner.rs`                                          |
//! | `missing`         | float     | cells equal to it are missing, as NaN is                         |
//! | `best_ntree_limit` | int      | until 1.3: trees used; later the model's own `best_iteration` says |
//! | `predictor`       | text      | 1.4 to 1.7: unless `auto`, rows go through a `DMatrix`           |
//!
//! Output: `float32`, (n,) or (n, k) for several targets or quantiles.
//!
//! Source of truth: `XGBModel.predict` in `xgboost/sklearn.py`.

use super::booster::{names, predictions, refuse_infinities};
use super::input::columns;
use super::learner::{Caller, Learner};
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Method, Nan, Output, ReadError, State, Version,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["xgboost.sklearn.XGBRegressor"],
    methods: METHODS,
    read: |state| Ok(Box::new(XgbRegressor(XgbModel::read(state)?))),
};

pub(super) const FOREST: ClassSpec = ClassSpec {
    paths: &["xgboost.sklearn.XGBRFRegressor"],
    methods: METHODS,
    read: |state| Ok(Box::new(XgbRegressor(XgbModel::read(state)?))),
};

pub(super) const RANKER: ClassSpec = ClassSpec {
    paths: &["xgboost.sklearn.XGBRanker"],
    methods: METHODS,
    read: |state| Ok(Box::new(XgbRegressor(XgbModel::read(state)?))),
};

const METHODS: &[Method] = &[Method::Predict];

/// What all of XGBoost's classes for scikit-learn have.
#[derive(Debug)]
pub(super) struct XgbModel {
    pub(super) learner: Learner,
    missing: Option<f32>,
    in_place: bool,
}

impl XgbModel {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let Some(booster) = state.optional("_Booster") else {
            return Err(state.invalid("has no _Booster: the model was saved before it was fitted"));
        };
        let missing = state.float_or("missing", f64::NAN)?;
        let has_limit = state.has("best_ntree_limit");
        let ntree_limit = if has_limit { state.count("best_ntree_limit")? } else { 0 };
        let in_place = state.text_or("predictor", "auto")? == "auto";
        let learner = Learner::read(&booster, Caller::Estimator { ntree_limit, in_place })?;
        let in_place = in_place && !learner.is_linear();
        Ok(Self { learner, missing: (!missing.is_nan()).then_some(missing as f32), in_place })
    }

    pub(super) fn columns(&self, input: Block) -> Result<Dense, DataError> {
        if self.missing.is_some() && self.learner.version < Version::new(1, 0) {
            // The XGDMatrixCreateFromMat of 0.90 refuses NaN beside another missing number.
            refuse_nan(&input)?;
        }
        let x = columns(input, self.learner.n_features, self.missing)?;
        if !self.in_place {
            refuse_infinities(&self.learner, &x)?;
        }
        Ok(x)
    }

    pub(super) fn feature_names(&self) -> Option<Vec<String>> {
        names(&self.learner)
    }
}

fn refuse_nan(input: &Block) -> Result<(), DataError> {
    let Block::Dense(x) = input else { return Ok(()) };
    for (j, column) in x.columns().iter().enumerate() {
        for (i, x) in column.iter().enumerate().filter(|it| it.1.is_nan()) {
            Nan::Refused.check(i, j, *x)?;
        }
    }
    Ok(())
}

#[derive(Debug)]
struct XgbRegressor(XgbModel);

impl Estimator for XgbRegressor {
    fn n_features_in(&self) -> usize {
        self.0.learner.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("XGBRegressor", method));
        }
        predictions(&self.0.learner, &self.0.columns(input)?)
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.0.feature_names()
    }
}
