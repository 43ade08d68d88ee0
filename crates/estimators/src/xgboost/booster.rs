//! `Booster`: XGBoost's own model, and what its files become.
//!
//! | attribute       | shape | meaning                                       |
//! |-----------------|-------|-----------------------------------------------|
//! | `handle`        | bytes | the model: `learner.rs`                       |
//! | `feature_names` | texts | until 1.x beside the model, later inside      |
//!
//! `predict` is that of a `DMatrix` of the rows, with all trees: `float32`, (n,) or (n, k).
//!
//! Source of truth: `Booster.predict` and `Booster.__setstate__` in `xgboost/core.py`.

use super::input::{check_finite, columns, matrix};
use super::learner::{Caller, Learner};
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Method, Output, ReadError, State, Values,
    Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["xgboost.core.Booster"],
    methods: METHODS,
    read: |state| Ok(Box::new(Booster::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict];

#[derive(Debug)]
struct Booster {
    learner: Learner,
}

impl Booster {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        Ok(Self { learner: Learner::read(state, Caller::Booster)? })
    }
}

impl Estimator for Booster {
    fn n_features_in(&self) -> usize {
        self.learner.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("Booster", method));
        }
        let x = columns(input, self.learner.n_features, None)?;
        refuse_infinities(&self.learner, &x)?;
        predictions(&self.learner, &x)
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        names(&self.learner)
    }
}

/// A `DMatrix` takes infinities until 0.90 only.
pub(super) fn refuse_infinities(learner: &Learner, x: &Dense) -> Result<(), DataError> {
    if learner.version < Version::new(1, 0) { Ok(()) } else { check_finite(x) }
}

/// What `Booster.predict` gives.
pub(super) fn predictions(learner: &Learner, x: &Dense) -> Result<Output, DataError> {
    let mut columns = learner.predictions(x);
    if columns.len() == 1 {
        return Ok(Output::Vector(Values::Float32(columns.pop().unwrap_or_default())));
    }
    matrix(x.n_rows(), columns)
}

/// The names it was trained with; those that Python made up (`f0`, …) say nothing.
pub(super) fn names(learner: &Learner) -> Option<Vec<String>> {
    let names = &learner.feature_names;
    let made_up = names.iter().enumerate().all(|(j, it)| *it == format!("f{j}"));
    (!made_up && names.len() == learner.n_features).then(|| names.clone())
}
