//! `numpy.average` of what the members of a vote answer.
//!
//! | attribute    | shape                     | meaning                                          | since |
//! |--------------|---------------------------|--------------------------------------------------|-------|
//! | `weights`    | (m,) or None              | one per entry of `estimators`, dropped ones too  | any   |
//! | `estimators` | list of (name, estimator) | `None` (until 0.23) and `"drop"` (0.21) are dropped | any |
//!
//! Answers are added in the members' order, each multiplied by its weight, and divided by the sum of the
//! weights (which numpy adds by `pairwise_sum`). Without weights `float32` answers stay `float32`.
//!
//! Source of truth: `numpy.average` in `numpy/lib/function_base.py`.

use kernels::sum::pairwise_sum;

use crate::{DataError, Dense, Dtype, Precision, ReadError, State, members};

/// The weights of a vote, and what the weighted answers are divided by.
#[derive(Debug)]
pub(super) struct Average {
    weights: Option<Vec<f64>>,
    divisor: f64,
}

impl Average {
    pub(super) fn read(state: &State<'_>, n_members: usize) -> Result<Self, ReadError> {
        let weights = weights(state, n_members)?;
        let divisor = weights.as_deref().map_or(n_members as f64, pairwise_sum);
        if divisor == 0.0 {
            return Err(state.get("weights")?.invalid("adds up to 0, which cannot be divided by"));
        }
        Ok(Self { weights, divisor })
    }

    /// The average of matrices of one shape, one per member.
    pub(super) fn of(&self, parts: &[Dense]) -> Result<Dense, DataError> {
        let Some(first) = parts.first() else { return Ok(Dense::default()) };
        parts.iter().try_for_each(|it| members::check_width(it, first.n_cols()))?;
        let mut sum = Dense::filled(first.n_rows(), first.n_cols(), 0.0);
        let single = parts.iter().all(|it| it.precision() == Precision::Single);
        if single && self.weights.is_none() {
            sum.dtype = Dtype::Float32;
        }
        for (i, part) in parts.iter().enumerate() {
            let weight = self.weights.as_ref().map_or(1.0, |it| it[i]);
            sum.map_columns(|j, sums| {
                sums.iter_mut().zip(part.column(j)).for_each(|(sum, x)| *sum += x * weight);
            });
            sum.round();
        }
        sum.map_columns(|_, sums| sums.iter_mut().for_each(|sum| *sum /= self.divisor));
        sum.round();
        Ok(sum)
    }
}

/// `_weights_not_none`: the weights of the entries that are not dropped, one per member.
pub(super) fn weights(state: &State<'_>, n_members: usize) -> Result<Option<Vec<f64>>, ReadError> {
    let Some(given) = state.optional("weights") else { return Ok(None) };
    let weights = given.as_floats()?;
    let kept = kept(state)?;
    if weights.len() != kept.len() {
        let text = format!("has {} values for {} estimators", weights.len(), kept.len());
        return Err(given.invalid(text));
    }
    let weights: Vec<f64> =
        weights.into_iter().zip(kept).filter_map(|(weight, kept)| kept.then_some(weight)).collect();
    if weights.len() != n_members {
        let text = format!("has {} values for {n_members} trained estimators", weights.len());
        return Err(given.invalid(text));
    }
    Ok(Some(weights))
}

/// Which entries of `estimators` were trained.
fn kept(state: &State<'_>) -> Result<Vec<bool>, ReadError> {
    let entries = state.list("estimators")?;
    let kept = entries.iter().map(|entry| {
        let pair = entry.as_list()?;
        let [_, estimator] = pair.as_slice() else {
            return Err(entry.wrong("a (name, estimator) pair"));
        };
        let value = estimator.value();
        Ok(!value.is_none() && value.as_str() != Some("drop"))
    });
    kept.collect()
}
