//! `LGBMRegressor` and `LGBMRanker`: what their booster predicts.
//!
//! | attribute  | shape     | meaning          | since |
//! |------------|-----------|------------------|-------|
//! | `_Booster` | `Booster` | see `booster.rs` | any   |
//!
//! `LGBMModel`, which they derive from, predicts the same.
//!
//! Source of truth: `LGBMModel.predict` in LightGBM's `sklearn.py`.

use super::booster::Booster;
use crate::{ClassSpec, Estimator, Method, ReadError, State};

pub(super) const REGRESSOR: ClassSpec = ClassSpec {
    paths: &["lightgbm.sklearn.LGBMRegressor", "lightgbm.sklearn.LGBMModel"],
    methods: &[Method::Predict],
    read,
};

pub(super) const RANKER: ClassSpec =
    ClassSpec { paths: &["lightgbm.sklearn.LGBMRanker"], methods: &[Method::Predict], read };

fn read(state: &State<'_>) -> Result<Box<dyn Estimator>, ReadError> {
    Ok(Box::new(booster(state)?))
}

/// The booster of a fitted model.
pub(super) fn booster(state: &State<'_>) -> Result<Booster, ReadError> {
    match state.optional("_Booster") {
        Some(it) if it.class().is_some_and(|it| it.name == "Booster") => Booster::read(&it),
        Some(it) => Err(it.wrong("a Booster")),
        None => Err(state.invalid("has no _Booster: the model was saved before it was fitted")),
    }
}
