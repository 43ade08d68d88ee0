//! `SelectFromModel`: keeps the columns that a fitted estimator finds important.
//!
//! | attribute           | shape          | meaning                                                    | since |
//! |---------------------|----------------|------------------------------------------------------------|-------|
//! | `estimator_`        | estimator      | see `importances.rs`; absent: `estimator`, with `prefit`   | any   |
//! | `threshold`         | number or text | least importance kept: `mean`, `median`, `1.25*mean`; None: 1e-5 of L1 penalties, else the mean | any |
//! | `norm_order`        | number         | norm of several weights of a column                        | 0.17  |
//! | `max_features_`     | int            | at most so many columns                                    | 1.1 (`max_features` until then) |
//! | `importance_getter` | text           | where the importances are; a function is refused           | 0.24  |
//!
//! Source of truth: `SelectFromModel._get_support_mask` in `sklearn/feature_selection/_from_model.py`.

use std::cmp::Ordering;

use kernels::sum::pairwise_sum;

use super::importances::Importances;
use super::selection::check_by_estimator;
use super::selector::{Selector, class};
use crate::{ClassSpec, Estimator, ReadError, State, Version};

pub(super) const CLASS: ClassSpec = class(
    &[
        "sklearn.feature_selection._from_model.SelectFromModel",
        "sklearn.feature_selection.from_model.SelectFromModel", // until 0.21
    ],
    read,
);

fn read(state: &State<'_>) -> Result<Box<dyn Estimator>, ReadError> {
    let estimator = match state.optional("estimator_") {
        Some(it) => it,
        None if state.flag("prefit")? => state.get("estimator")?,
        None => state.get("estimator_")?,
    };
    let getter = match state.optional("importance_getter") {
        None => "auto",
        Some(it) if it.value().as_str().is_some() => it.as_text()?,
        Some(it) => return Err(it.unsupported("is a function, which is not supported")),
    };
    let importances = Importances::read(&estimator, getter)?;
    let scores = importances.norms(state.float_or("norm_order", 1.0)?, state.version());
    let threshold = threshold(state, &estimator, &scores)?;
    let mut mask = most_important(state, &scores)?;
    for (kept, score) in mask.iter_mut().zip(&scores) {
        // A score or a threshold that is NaN drops nothing.
        *kept = *kept && !matches!(score.partial_cmp(&threshold), Some(Ordering::Less));
    }
    Selector::boxed(state, &mask, check_by_estimator(state)?)
}

/// The `max_features` columns with the highest scores, the first of equal ones; else all.
fn most_important(state: &State<'_>, scores: &[f64]) -> Result<Vec<bool>, ReadError> {
    if !state.has("max_features") {
        return Ok(vec![true; scores.len()]);
    }
    let name = if state.has("max_features_") { "max_features_" } else { "max_features" };
    let most = state.count(name)?;
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| {
        scores[b]
            .partial_cmp(&scores[a])
            .unwrap_or_else(|| scores[a].is_nan().cmp(&scores[b].is_nan()))
    });
    let mut mask = vec![false; scores.len()];
    order.iter().take(most).for_each(|&column| mask[column] = true);
    Ok(mask)
}

fn threshold(state: &State<'_>, estimator: &State<'_>, scores: &[f64]) -> Result<f64, ReadError> {
    let Some(threshold) = state.optional("threshold") else {
        let sparse = is_penalized_to_zero(estimator, state.version())?;
        return Ok(if sparse { 1e-5 } else { mean(scores) });
    };
    let Some(text) = threshold.value().as_str() else { return threshold.as_float() };
    let unknown = || threshold.unsupported(format!("is {text:?}, which is not supported"));
    let reference = |name: &str| match name {
        "mean" => Ok(mean(scores)),
        "median" => Ok(median(scores)),
        _ => Err(unknown()),
    };
    match text.split_once('*') {
        Some((scale, of)) => {
            let scale: f64 = scale.trim().parse().map_err(|_| unknown())?;
            Ok(scale * reference(of.trim())?)
        }
        None => reference(text),
    }
}

/// Whether training sets weights to 0, as each version knew it.
fn is_penalized_to_zero(estimator: &State<'_>, version: Version) -> Result<bool, ReadError> {
    let class = estimator.class().map(|it| it.name).unwrap_or_default();
    let penalty = estimator.optional("penalty").and_then(|it| it.value().as_str());
    let is_one = |name: &str| match estimator.optional(name) {
        Some(it) if it.value().as_array().is_some() => Ok(it.as_floats()?.iter().all(is_near_one)),
        Some(it) => Ok(it.as_float().is_ok_and(|it| is_near_one(&it))),
        None => Ok(false),
    };
    Ok(penalty == Some("l1")
        || class.contains("Lasso")
        || match class {
            "ElasticNetCV" if Version::new(1, 7) <= version => is_one("l1_ratio_")?,
            "ElasticNet" | "MultiTaskElasticNet" | "ElasticNetCV" | "MultiTaskElasticNetCV"
                if Version::new(1, 1) <= version && version < Version::new(1, 7) =>
            {
                is_one("l1_ratio_")? || is_one("l1_ratio")?
            }
            "ElasticNet" if Version::new(1, 7) <= version => is_one("l1_ratio")?,
            "LogisticRegression" if Version::new(1, 8) <= version => is_one("l1_ratio")?,
            "LogisticRegressionCV" if Version::new(1, 8) <= version => is_one("l1_ratio_")?,
            _ => false,
        })
}

/// `numpy.isclose(x, 1.0)`.
fn is_near_one(x: &f64) -> bool {
    (x - 1.0).abs() <= 1e-8 + 1e-5
}

fn mean(scores: &[f64]) -> f64 {
    pairwise_sum(scores) / scores.len() as f64
}

fn median(scores: &[f64]) -> f64 {
    if scores.iter().any(|it| it.is_nan()) {
        return f64::NAN;
    }
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    match sorted.get(half) {
        Some(middle) if sorted.len() % 2 == 1 => *middle,
        Some(upper) => (sorted[half - 1] + upper) / 2.0,
        None => f64::NAN,
    }
}
