//! `VarianceThreshold`: drops columns that hardly vary.
//!
//! | attribute    | shape | meaning                                    | since |
//! |--------------|-------|--------------------------------------------|-------|
//! | `variances_` | (p,)  | variance of each column                    | any   |
//! | `threshold`  | float | columns with a larger variance are kept    | any   |
//!
//! NaN and infinities are handed on since 0.22; `inverse_transform` refuses them.
//!
//! Source of truth: `VarianceThreshold` in `sklearn/feature_selection/_variance_threshold.py`.

use super::selection::Check;
use super::selector::{Selector, class};
use crate::{ClassSpec, Estimator, ReadError, State, Version};

pub(super) const CLASS: ClassSpec = class(
    &[
        "sklearn.feature_selection._variance_threshold.VarianceThreshold",
        "sklearn.feature_selection.variance_threshold.VarianceThreshold", // until 0.21
    ],
    read,
);

fn read(state: &State<'_>) -> Result<Box<dyn Estimator>, ReadError> {
    let threshold = state.float("threshold")?;
    let mask: Vec<bool> = state.floats("variances_")?.iter().map(|it| threshold < *it).collect();
    let unchecked = Version::new(0, 22) <= state.version();
    Selector::boxed(state, &mask, if unchecked { Check::Nothing } else { Check::Finite })
}
