//! `CatBoost`: the class that CatBoost's own files become, and that the others derive from.
//!
//! | attribute | shape | meaning                                                       | since |
//! |-----------|-------|---------------------------------------------------------------|-------|
//! | `__model` | bytes | the model: `binary.rs`, `json.rs`                             | any   |
//!
//! `predict` and `raw_score` give raw predictions, as `predict` does in Python. For a classifier's file there are also
//! `predict_proba` and `predict_log_proba`: `predict(X, prediction_type="Probability")` and `"LogProbability"`.
//! For labels the file has to be read as the class it was trained with; `[classes]` in `pythia.toml` says so:
//! `"catboost.core.CatBoost" = "catboost.CatBoostClassifier"`.
//!
//! Source of truth: `CatBoost.predict` and `_CatBoostBase.__setstate__` in CatBoost's `core.py`.

use super::learner::Learner;
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Estimator, Method, Output, ReadError,
    State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["catboost.core.CatBoost"],
    methods: METHODS,
    read: |state| Ok(Box::new(CatBoost::read(state)?)),
};

const METHODS: &[Method] =
    &[Method::Predict, Method::RawScore, Method::PredictProba, Method::PredictLogProba];

#[derive(Debug)]
struct CatBoost(Learner);

impl CatBoost {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        Learner::read(state).map(Self)
    }
}

impl Estimator for CatBoost {
    fn n_features_in(&self) -> usize {
        self.0.n_columns
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.0.column_hints()
    }

    fn methods(&self) -> &[Method] {
        if self.0.info.is_classification() { METHODS } else { &METHODS[..2] }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Predict | Method::RawScore => self.0.raw_output(&input),
            Method::PredictProba if self.0.info.is_classification() => self.0.probabilities(&input),
            Method::PredictLogProba if self.0.info.is_classification() => {
                self.0.log_probabilities(&input)
            }
            _ => Err(unsupported("CatBoost", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.0.column_kinds()
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.0.feature_names.clone()
    }

    fn selects_by_name(&self) -> bool {
        self.0.feature_names.is_some()
    }
}
