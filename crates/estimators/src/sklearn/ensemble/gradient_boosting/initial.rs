//! Where the sum of gradient boosting starts: `init_`.
//!
//! | `init_`                                          | gives                                     | in           |
//! |--------------------------------------------------|-------------------------------------------|--------------|
//! | `"zero"`                                         | 0                                         | from 0.21    |
//! | any regressor                                    | its `predict`                             | from 0.21    |
//! | any classifier                                   | the link of its clipped `predict_proba`   | from 0.21    |
//! | `MeanEstimator`, `QuantileEstimator`, `LogOddsEstimator`, `ScaledLogOddsEstimator`, `PriorProbabilityEstimator`, `ZeroEstimator` | the number it keeps | until 0.20 |
//!
//! Links: two classes `log(p / (1 - p))`, half of that for the exponential loss; more classes `log(p)`
//! until 1.3, from 1.4 `log(p / geometric mean)`. Probabilities are clipped to what `float32` tells from
//! 0 and 1 until 1.7, from 1.8 to what `float64` tells. scipy's logit is the one that was current with the
//! version of scikit-learn: a newer one from 1.15 on.
//!
//! Source of truth: `get_init_raw_predictions` in `sklearn/ensemble/_gb_losses.py` until 1.3,
//! `_init_raw_predictions` in `_gb.py` from 1.4.

use kernels::links::{logit, logit_near_half};
use kernels::sum::pairwise_sum;

use crate::{Block, DataError, Dense, Dtype, Estimator, Method, Output, ReadError, State, Version};

/// How raw predictions and probabilities belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// A regressor: raw predictions are predictions.
    Identity,
    /// Two classes, one column.
    Binomial,
    /// Two classes, one column, raw predictions half as large.
    Exponential,
    /// A column per class.
    Multinomial,
}

#[derive(Debug)]
pub(super) enum Initial {
    /// The same for every row: a number per column.
    Constant(Vec<f64>),
    /// What another estimator says of the row.
    Estimator(Box<dyn Estimator>, Start),
}

/// How an estimator's answer becomes raw predictions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    loss: Loss,
    version: Version,
    n_columns: usize,
}

impl Initial {
    pub(super) fn read(
        state: &State<'_>,
        loss: Loss,
        n_columns: usize,
        n_features: usize,
    ) -> Result<Self, ReadError> {
        let init = state.get("init_")?;
        if init.value().as_str() == Some("zero") {
            return Ok(Self::Constant(vec![0.0; n_columns]));
        }
        let class = init.class().map(|it| it.name).unwrap_or_default();
        let constants = match class {
            "MeanEstimator" => init.float("mean").map(|it| vec![it])?,
            "QuantileEstimator" => init.float("quantile").map(|it| vec![it])?,
            "LogOddsEstimator" | "ScaledLogOddsEstimator" => {
                init.float("prior").map(|it| vec![it])?
            }
            "PriorProbabilityEstimator" => init.floats("priors")?,
            "ZeroEstimator" => vec![0.0; n_columns],
            _ => return Self::estimator(&init, loss, n_columns, n_features),
        };
        if constants.len() != n_columns {
            return Err(init.invalid(format!("is for {} columns", constants.len())));
        }
        Ok(Self::Constant(constants))
    }

    fn estimator(
        init: &State<'_>,
        loss: Loss,
        n_columns: usize,
        n_features: usize,
    ) -> Result<Self, ReadError> {
        if init.version() < Version::new(0, 21) {
            return Err(init.unsupported("is an init of a kind that 0.20 could not use"));
        }
        let start = Start { loss, version: init.version(), n_columns };
        let estimator = init.as_estimator()?;
        let takes = estimator.n_features_in();
        let is_dummy = init.class().is_some_and(|it| it.module == "sklearn.dummy");
        if !is_dummy && takes != n_features {
            return Err(init.invalid(format!("takes {takes} features, expected {n_features}")));
        }
        if !estimator.methods().contains(&start.method()) {
            return Err(init.unsupported(format!("has no method {}", start.method())));
        }
        if !is_dummy {
            return Ok(Self::Estimator(estimator, start));
        }
        let row = Dense::filled(1, n_features, 0.0);
        let raw = start.raw(estimator.as_ref(), row).map_err(|it| init.invalid(it.to_string()))?;
        Ok(Self::Constant(raw.iter().flatten().copied().collect()))
    }

    /// Raw predictions to start from, column by column.
    pub(super) fn raw(&self, x: &Dense) -> Result<Vec<Vec<f64>>, DataError> {
        match self {
            Self::Constant(it) => Ok(it.iter().map(|&start| vec![start; x.n_rows()]).collect()),
            Self::Estimator(estimator, start) => {
                let mut x = x.clone();
                x.dtype = Dtype::Float32;
                x.round();
                start.raw(estimator.as_ref(), x)
            }
        }
    }
}

impl Start {
    fn method(self) -> Method {
        if self.loss == Loss::Identity { Method::Predict } else { Method::PredictProba }
    }

    fn raw(self, estimator: &dyn Estimator, x: Dense) -> Result<Vec<Vec<f64>>, DataError> {
        let n_rows = x.n_rows();
        let answer = estimator.call(self.method(), Block::Dense(x))?;
        let given = columns(answer, n_rows)?;
        let wrong =
            || DataError::block("the init estimator answers in another shape than expected");
        let mut raw = match self.loss {
            Loss::Identity | Loss::Multinomial => given,
            // The second class is the positive one.
            Loss::Binomial | Loss::Exponential => vec![given.into_iter().nth(1).ok_or_else(wrong)?],
        };
        if raw.len() != self.n_columns {
            return Err(wrong());
        }
        if self.loss == Loss::Identity {
            return Ok(raw);
        }
        let (low, high) = self.bounds();
        raw.iter_mut().flatten().for_each(|p| *p = p.max(low).min(high));
        match self.loss {
            Loss::Binomial => raw.iter_mut().flatten().for_each(|p| *p = self.logit(*p)),
            Loss::Exponential => raw.iter_mut().flatten().for_each(|p| *p = 0.5 * self.logit(*p)),
            _ => self.log_shares(&mut raw),
        }
        Ok(raw)
    }

    fn bounds(self) -> (f64, f64) {
        if self.version < Version::new(1, 8) {
            let low = f32::EPSILON;
            return (f64::from(low), f64::from(1.0 - low));
        }
        (f64::EPSILON, 1.0 - f64::EPSILON)
    }

    fn logit(self, p: f64) -> f64 {
        if self.version < Version::new(1, 7) { logit(p) } else { logit_near_half(p) }
    }

    fn log_shares(self, raw: &mut [Vec<f64>]) {
        if self.version < Version::new(1, 4) {
            raw.iter_mut().flatten().for_each(|p| *p = p.ln());
            return;
        }
        let n_rows = raw.first().map_or(0, Vec::len);
        let n_columns = raw.len() as f64;
        for row in 0..n_rows {
            let logs: Vec<f64> = raw.iter().map(|it| it[row].ln()).collect();
            let mean = (pairwise_sum(&logs) / n_columns).exp();
            raw.iter_mut().for_each(|it| it[row] = (it[row] / mean).ln());
        }
    }
}

/// An answer as columns of floats.
fn columns(answer: Output, n_rows: usize) -> Result<Vec<Vec<f64>>, DataError> {
    let block = answer.into_block()?;
    let n_cols = block.n_cols();
    let dense = block.into_dense(n_cols)?;
    debug_assert_eq!(dense.n_rows(), n_rows);
    Ok(dense.columns().iter().map(|it| it.to_vec()).collect())
}
