//! Selectors that score each column by itself: `SelectKBest`, `SelectPercentile`, `SelectFpr`, `SelectFdr`,
//! `SelectFwe`, and `GenericUnivariateSelect`, which is any of them.
//!
//! | attribute       | shape        | meaning                                            | since |
//! |-----------------|--------------|----------------------------------------------------|-------|
//! | `scores_`       | (p,)         | score of each column; NaN counts as the lowest     | any   |
//! | `pvalues_`      | (p,) or None | probability of the score by chance                 | any   |
//! | `k`             | int or "all" | `SelectKBest`: the last of equal scores stay       | any   |
//! | `percentile`    | number       | `SelectPercentile`: the first of equal scores stay | any   |
//! | `alpha`         | float        | the others: largest `pvalues_`                     | any   |
//! | `mode`, `param` |              | `GenericUnivariateSelect`                          | any   |
//!
//! The function that scored is not needed, so it may be any.
//!
//! Source of truth: `_get_support_mask` in `sklearn/feature_selection/_univariate_selection.py`.

use super::selection::Check;
use super::selector::{Selector, class};
use crate::{ClassSpec, Estimator, ReadError, State, Version};

macro_rules! paths {
    ($name:literal) => {
        &[
            concat!("sklearn.feature_selection._univariate_selection.", $name),
            concat!("sklearn.feature_selection.univariate_selection.", $name), // until 0.21
        ]
    };
}

pub(super) const SELECT_K_BEST: ClassSpec =
    class(paths!("SelectKBest"), |state| read(state, "k_best", "k"));
pub(super) const SELECT_PERCENTILE: ClassSpec =
    class(paths!("SelectPercentile"), |state| read(state, "percentile", "percentile"));
pub(super) const SELECT_FPR: ClassSpec =
    class(paths!("SelectFpr"), |state| read(state, "fpr", "alpha"));
pub(super) const SELECT_FDR: ClassSpec =
    class(paths!("SelectFdr"), |state| read(state, "fdr", "alpha"));
pub(super) const SELECT_FWE: ClassSpec =
    class(paths!("SelectFwe"), |state| read(state, "fwe", "alpha"));
pub(super) const GENERIC_UNIVARIATE_SELECT: ClassSpec =
    class(paths!("GenericUnivariateSelect"), |state| read(state, state.text("mode")?, "param"));

fn read(state: &State<'_>, mode: &str, parameter: &str) -> Result<Box<dyn Estimator>, ReadError> {
    let mask = match mode {
        "k_best" => k_best(state, parameter)?,
        "percentile" => percentile(state, parameter)?,
        "fpr" | "fdr" | "fwe" => by_p_value(state, mode, state.float(parameter)?)?,
        it => return Err(state.get("mode")?.unsupported(format!("is {it:?}"))),
    };
    Selector::boxed(state, &mask, Check::Finite)
}

/// `_clean_nans`.
fn scores(state: &State<'_>) -> Result<Vec<f64>, ReadError> {
    let mut scores = state.floats("scores_")?;
    scores.iter_mut().filter(|it| it.is_nan()).for_each(|it| *it = f64::MIN);
    Ok(scores)
}

fn k_best(state: &State<'_>, parameter: &str) -> Result<Vec<bool>, ReadError> {
    let scores = scores(state)?;
    if state.get(parameter)?.value().as_str() == Some("all") {
        return Ok(vec![true; scores.len()]);
    }
    let k = state.count(parameter)?;
    let mut order: Vec<usize> = (0..scores.len()).collect();
    // Stable, and -0.0 is no less than 0.0.
    order.sort_by(|&a, &b| (scores[a] + 0.0).total_cmp(&(scores[b] + 0.0)));
    let mut mask = vec![false; scores.len()];
    order.iter().rev().take(k).for_each(|&column| mask[column] = true);
    Ok(mask)
}

fn percentile(state: &State<'_>, parameter: &str) -> Result<Vec<bool>, ReadError> {
    let percentile = state.float(parameter)?;
    let scores = scores(state)?;
    if percentile == 100.0 || percentile == 0.0 {
        return Ok(vec![percentile == 100.0; scores.len()]);
    }
    if !(0.0..=100.0).contains(&percentile) || scores.is_empty() {
        return Err(state.get(parameter)?.wrong("a percentage, and scores to take it of"));
    }
    let of = |threshold| above(&scores, threshold, percentile);
    let [new, old] = percentiles(&scores, 100.0 - percentile).map(of);
    if new != old && state.version() < Version::new(1, 5) {
        let text = "has equal or infinite scores, of which numpy before 1.20 keeps others than \
                    numpy since; the file does not say which it was made with";
        return Err(state.get("scores_")?.unsupported(text));
    }
    Ok(new)
}

/// Those above the threshold, and of those that equal it the first, as far as there is room.
fn above(scores: &[f64], threshold: f64, percentile: f64) -> Vec<bool> {
    let mut mask: Vec<bool> = scores.iter().map(|it| threshold < *it).collect();
    let ties: Vec<usize> = (0..scores.len()).filter(|&it| scores[it] == threshold).collect();
    let room = (scores.len() as f64 * percentile / 100.0) as i64;
    let room = room - mask.iter().filter(|it| **it).count() as i64;
    // A negative end of a slice counts from the end.
    let end = if room < 0 { room + ties.len() as i64 } else { room };
    let end = usize::try_from(end).unwrap_or(0);
    ties.iter().take(end).for_each(|&it| mask[it] = true);
    mask
}

/// `numpy.percentile`, linear: as numpy interpolates since 1.20, and as it did before.
fn percentiles(scores: &[f64], percent: f64) -> [f64; 2] {
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len() - 1;
    let place = last as f64 * (percent / 100.0);
    let below = (place.floor() as usize).min(last);
    let (a, b) = (sorted[below], sorted[(below + 1).min(last)]);
    let t = place - place.floor();
    let span = b - a;
    let new = if t < 0.5 { a + span * t } else { b - span * (1.0 - t) };
    [new, a * (1.0 - t) + b * t]
}

fn by_p_value(state: &State<'_>, mode: &str, alpha: f64) -> Result<Vec<bool>, ReadError> {
    let p_values = state.floats("pvalues_")?;
    let n = p_values.len() as f64;
    Ok(match mode {
        "fpr" => p_values.iter().map(|p| *p < alpha).collect(),
        "fwe" => p_values.iter().map(|p| *p < alpha / n).collect(),
        _ => {
            let mut sorted = p_values.clone();
            sorted.sort_by(f64::total_cmp);
            let allowed = (1..).map(|rank| alpha / n * f64::from(rank));
            let kept = sorted.iter().zip(allowed).filter(|(p, allowed)| *p <= allowed);
            let largest = kept.map(|(p, _)| *p).fold(f64::NEG_INFINITY, f64::max);
            p_values.iter().map(|p| *p <= largest).collect()
        }
    })
}
