//! `SequentialFeatureSelector`: columns chosen one after the other when it was trained.
//!
//! | attribute   | shape     | meaning                            | since |
//! |-------------|-----------|------------------------------------|-------|
//! | `support_`  | (p,)      | whether a column is kept           | 0.24  |
//! | `estimator` | estimator | whether missing values are allowed | 0.24  |
//!
//! Source of truth: `SequentialFeatureSelector` in `sklearn/feature_selection/_sequential.py`.

use super::selection::check_by_estimator;
use super::selector::{Selector, class};
use crate::{ClassSpec, Estimator, ReadError, State};

pub(super) const CLASS: ClassSpec =
    class(&["sklearn.feature_selection._sequential.SequentialFeatureSelector"], read);

fn read(state: &State<'_>) -> Result<Box<dyn Estimator>, ReadError> {
    let mask: Vec<bool> = state.ints("support_")?.iter().map(|it| *it != 0).collect();
    Selector::boxed(state, &mask, check_by_estimator(state)?)
}
