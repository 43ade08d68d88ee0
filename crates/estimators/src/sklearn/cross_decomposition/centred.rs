//! Rows less the means of the training rows and divided by their standard deviations, which all classes
//! here begin with.
//!
//! | attribute            | shape | meaning                      | since            |
//! |----------------------|-------|------------------------------|------------------|
//! | `_x_mean`, `x_mean_` | (p,)  | subtracted                   | 0.24, until 0.23 |
//! | `_x_std`, `x_std_`   | (p,)  | divided by, 1 unless `scale` | 0.24, until 0.23 |
//! | `_y_mean`, `y_mean_` | (q,)  | mean of the targets          | 0.24, until 0.23 |

use crate::{Block, DataError, Dense, Nan, ReadError, State, Version};

#[derive(Debug)]
pub(super) struct Centred {
    pub(super) mean: Vec<f64>,
    pub(super) std: Vec<f64>,
}

impl Centred {
    pub(super) fn read(state: &State<'_>, n_features: usize) -> Result<Self, ReadError> {
        if n_features == 0 {
            return Err(state.invalid("was trained on no features"));
        }
        state.n_features_in(n_features)?;
        let mean = state.floats_len(spelled(state, "_x_mean", "x_mean_"), n_features)?;
        let std = state.floats_len(spelled(state, "_x_std", "x_std_"), n_features)?;
        Ok(Self { mean, std })
    }

    /// The rows less their means.
    pub(super) fn centred(&self, input: Block) -> Result<Dense, DataError> {
        let mut x = input.into_dense(self.mean.len())?;
        x.check_finite(Nan::Refused)?;
        x.map_columns(|j, column| column.iter_mut().for_each(|x| *x -= self.mean[j]));
        x.round();
        Ok(x)
    }

    /// The rows less their means, divided by the standard deviations.
    pub(super) fn scaled(&self, input: Block) -> Result<Dense, DataError> {
        let mut x = self.centred(input)?;
        x.map_columns(|j, column| column.iter_mut().for_each(|x| *x /= self.std[j]));
        x.round();
        Ok(x)
    }
}

/// The name of an attribute in the version that wrote it: private since 0.24.
pub(super) fn spelled(state: &State<'_>, new: &'static str, old: &'static str) -> &'static str {
    if Version::new(0, 24) <= state.version() { new } else { old }
}
