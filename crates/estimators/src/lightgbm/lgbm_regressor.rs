//! `LGBMRegressor` and `LGBMRanker`: what their booster predicts.
//!
//! | attribute         | shape     | meaning                                                           | since |
//! |-------------------|-----------|-------------------------------------------------------------------|-------|
//! | `_Booster`        | `Booster` | see `booster.rs`                                                  | any   |
//! | `pred_early_stop` | flag      | from 4.0 handed on to the booster, which then leaves trees out: refused | any |
//!
//! `LGBMModel`, which they derive from, predicts the same.
//!
//! Source of truth: `LGBMModel.predict` in LightGBM's `sklearn.py`.

use super::booster::{Booster, METHODS};
use crate::{ClassSpec, Estimator, ReadError, State};

pub(super) const REGRESSOR: ClassSpec = ClassSpec {
    paths: &["lightgbm.sklearn.LGBMRegressor", "lightgbm.sklearn.LGBMModel"],
    methods: METHODS,
    read,
};

pub(super) const RANKER: ClassSpec =
    ClassSpec { paths: &["lightgbm.sklearn.LGBMRanker"], methods: METHODS, read };

fn read(state: &State<'_>) -> Result<Box<dyn Estimator>, ReadError> {
    Ok(Box::new(booster(state)?))
}

/// The booster of a fitted model.
pub(super) fn booster(state: &State<'_>) -> Result<Booster, ReadError> {
    let booster = match state.optional("_Booster") {
        Some(it) if it.class().is_some_and(|it| it.name == "Booster") => {
            Booster::read(&state.hand_on(it))?
        }
        Some(it) => return Err(it.wrong("a Booster")),
        None => {
            return Err(state.invalid("has no _Booster: the model was saved before it was fitted"));
        }
    };
    if booster.since_4
        && let Some(it) = state.optional("pred_early_stop")
        && it.value().as_bool() != Some(false)
    {
        return Err(it.unsupported("asks for predictions that leave trees out"));
    }
    Ok(booster)
}
