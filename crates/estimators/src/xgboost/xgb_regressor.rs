//! `XGBRegressor`, `XGBRFRegressor` and `XGBRanker`: a `Booster` with scikit-learn's methods.
//!
//! | attribute         | shape     | meaning                                                          |
//! |-------------------|-----------|------------------------------------------------------------------|
//! | `_Booster`        | `Booster` | the model: `learner.rs`                                          |
//! | `missing`         | float     | cells equal to it are missing, as NaN is                         |
//! | `best_ntree_limit` | int      | until 1.3: trees used, but by a ranker; later the model's own `best_iteration` says |
//! | `predictor`, `enable_categorical` | text, flag | 1.4 to 1.7: whether rows go through a `DMatrix` |
//!
//! `raw_score` is `predict(X, output_margin=True)`.
//!
//! Output: `float32`, (n,) or (n, k) for several targets or quantiles; of `apply` as `booster.rs` says.
//!
//! Source of truth: `XGBModel.predict` in `xgboost/sklearn.py`.

use object_graph::Value;

use super::booster::{leaf_numbers, margins, methods, names, predictions, refuse_infinities};
use super::input::columns;
use super::learner::{Caller, Learner, Predictor, Settings};
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Nan, Output,
    ReadError, State, Version, unsupported,
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
    read: |state| Ok(Box::new(XgbRegressor(XgbModel::read_ranker(state)?))),
};

const METHODS: &[Method] = &[Method::Predict, Method::RawScore, Method::Apply];

/// What all of XGBoost's classes for scikit-learn have.
#[derive(Debug)]
pub(super) struct XgbModel {
    pub(super) learner: Learner,
    missing: Option<f32>,
}

impl XgbModel {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let has_limit = state.has("best_ntree_limit");
        Self::read_limited(state, if has_limit { state.count("best_ntree_limit")? } else { 0 })
    }

    /// Until 1.3 a ranker that was stopped early predicts with all of its trees.
    fn read_ranker(state: &State<'_>) -> Result<Self, ReadError> {
        Self::read_limited(state, 0)
    }

    fn read_limited(state: &State<'_>, ntree_limit: usize) -> Result<Self, ReadError> {
        let Some(booster) = state.optional("_Booster") else {
            return Err(state.invalid("has no _Booster: the model was saved before it was fitted"));
        };
        let missing = state.float_or("missing", f64::NAN)?;
        // 1.4 has no attribute of that name: it stands among those that are passed on.
        let passed_on = state.optional("kwargs").and_then(|it| it.value().get("predictor"));
        let predictor = match state.text_or("predictor", "")? {
            "" if passed_on.is_none_or(Value::is_none) => Predictor::Unset,
            "auto" => Predictor::Auto,
            _ => Predictor::Named,
        };
        let enable_categorical = state.flag_or("enable_categorical", false)?;
        let settings = Settings { ntree_limit, predictor, enable_categorical };
        let booster = state.hand_on(booster);
        let learner = Learner::read(&booster, Caller::Estimator(settings))?;
        if !missing.is_nan() && !learner.categories.is_empty() {
            // It is not known which code a `missing` would be compared with.
            let text = "has another missing than NaN and the names of categories";
            return Err(state.unsupported(text));
        }
        Ok(Self { learner, missing: (!missing.is_nan()).then_some(missing as f32) })
    }

    pub(super) fn columns(&self, input: Block) -> Result<Dense, DataError> {
        if self.missing.is_some() && self.learner.version < Version::new(1, 0) {
            // The XGDMatrixCreateFromMat of 0.90 refuses NaN beside another missing number.
            refuse_nan(&input)?;
        }
        columns(input, &self.learner, self.missing)
    }

    /// The columns of a method that predicts.
    pub(super) fn checked_columns(&self, input: Block) -> Result<Dense, DataError> {
        let x = self.columns(input)?;
        if !self.learner.is_in_place {
            refuse_infinities(&self.learner, &x)?;
        }
        Ok(x)
    }

    /// The number of the leaf each row falls in, by tree; the rows always go through a `DMatrix`.
    pub(super) fn apply(&self, input: Block) -> Result<Output, DataError> {
        let x = self.columns(input)?;
        refuse_infinities(&self.learner, &x)?;
        leaf_numbers(&self.learner, &x)
    }

    pub(super) fn column_hints(&self) -> Vec<ColumnHint> {
        self.learner.column_hints()
    }

    pub(super) fn column_kinds(&self) -> Vec<ColumnKind> {
        self.learner.categories.kinds(self.learner.n_features)
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

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.0.column_hints()
    }

    fn methods(&self) -> &[Method] {
        methods(METHODS, &self.0.learner)
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            _ if !self.methods().contains(&method) => Err(unsupported("XGBRegressor", method)),
            Method::Apply => self.0.apply(input),
            Method::RawScore => margins(&self.0.learner, &self.0.checked_columns(input)?),
            _ => predictions(&self.0.learner, &self.0.checked_columns(input)?),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.0.column_kinds()
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.0.feature_names()
    }
}
