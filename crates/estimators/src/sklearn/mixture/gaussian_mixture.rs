//! `GaussianMixture` and `BayesianGaussianMixture`: rows belong to one of several Gaussians.
//!
//! | attribute                         | shape         | meaning                                   | since |
//! |-----------------------------------|---------------|-------------------------------------------|-------|
//! | `weights_`                        | (k,)          | shares of the Gaussians (plain mixture)   | any   |
//! | `weight_concentration_`           | (k,), or two of them in a tuple | their distribution (Bayesian) | any |
//! | `weight_concentration_prior_type` | text          | `dirichlet_process` or `dirichlet_distribution` | any |
//! | `degrees_of_freedom_`             | (k,), () tied | of the precisions (Bayesian)              | any   |
//! | `mean_precision_`                 | (k,)          | precisions of the means (Bayesian)        | any   |
//!
//! `gaussians.rs` says which attributes describe the Gaussians. Output: `predict` gives the number of the
//! likeliest, `predict_proba` shape (n, k), `score_samples` the log density.
//!
//! Source of truth: `BaseMixture` in `sklearn/mixture/_base.py`, `BayesianGaussianMixture` in
//! `sklearn/mixture/_bayesian_mixture.py`.

use std::f64::consts::LN_2;

use kernels::digamma::digamma;
use kernels::exp::exp;
use kernels::{rows, sum::pairwise_sum};

use super::gaussians::Gaussians;
use crate::sklearn::naive_bayes::joint_log_likelihood::{Layout, LogSumExp};
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Method, Nan, Output, ReadError, State, Values,
    unsupported,
};

pub(super) const PLAIN: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.mixture._gaussian_mixture.GaussianMixture",
        "sklearn.mixture.gaussian_mixture.GaussianMixture", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(Mixture::read_plain(state)?)),
};

pub(super) const BAYESIAN: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.mixture._bayesian_mixture.BayesianGaussianMixture",
        "sklearn.mixture.bayesian_mixture.BayesianGaussianMixture", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(Mixture::read_bayesian(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::PredictProba, Method::ScoreSamples];

#[derive(Debug)]
struct Mixture {
    gaussians: Gaussians,
    log_weights: Vec<f64>,
    bayesian: Option<Bayesian>,
    log_sum_exp: LogSumExp,
}

/// What is subtracted from, then added to each Gaussian's log density.
#[derive(Debug)]
struct Bayesian {
    subtracted: Vec<f64>,
    added: Vec<f64>,
}

impl Mixture {
    fn read_plain(state: &State<'_>) -> Result<Self, ReadError> {
        let gaussians = Gaussians::read(state)?;
        let weights = state.floats_len("weights_", gaussians.len())?;
        let log_weights = weights.iter().map(|it| it.ln()).collect();
        let log_sum_exp = LogSumExp::new(state, Layout::ByRows);
        Ok(Self { gaussians, log_weights, bayesian: None, log_sum_exp })
    }

    fn read_bayesian(state: &State<'_>) -> Result<Self, ReadError> {
        let gaussians = Gaussians::read(state)?;
        let k = gaussians.len();
        let log_weights = expected_log_weights(state, k)?;
        let p = gaussians.n_features();
        let width = p as f64;
        // One for all if the covariance is tied.
        let degrees = match *state.floats("degrees_of_freedom_")? {
            [all] => vec![all; k],
            _ => state.floats_len("degrees_of_freedom_", k)?,
        };
        let precisions = state.floats_len("mean_precision_", k)?;
        let added = degrees.iter().zip(&precisions).map(|(degrees, precision)| {
            let sum = (0..p).fold(0.0, |sum, j| sum + digamma(0.5 * (degrees - j as f64)));
            0.5 * ((width * LN_2 + sum) - width / precision)
        });
        let added = added.collect();
        let subtracted = degrees.iter().map(|it| 0.5 * width * it.ln()).collect();
        let bayesian = Some(Bayesian { subtracted, added });
        let log_sum_exp = LogSumExp::new(state, Layout::ByRows);
        Ok(Self { gaussians, log_weights, bayesian, log_sum_exp })
    }

    fn weighted_log_densities(&self, x: &Dense) -> Vec<Vec<f64>> {
        let mut columns = self.gaussians.log_densities(x);
        if let Some(Bayesian { subtracted, added }) = &self.bayesian {
            for ((column, subtracted), added) in columns.iter_mut().zip(subtracted).zip(added) {
                column.iter_mut().for_each(|x| *x = (*x - subtracted) + added);
            }
        }
        for (column, log_weight) in columns.iter_mut().zip(&self.log_weights) {
            column.iter_mut().for_each(|x| *x += log_weight);
        }
        columns
    }
}

/// What the logarithms of the weights are expected to be.
fn expected_log_weights(state: &State<'_>, k: usize) -> Result<Vec<f64>, ReadError> {
    let kind = state.get("weight_concentration_prior_type")?;
    match kind.as_text()? {
        "dirichlet_distribution" => {
            let concentrations = state.floats_len("weight_concentration_", k)?;
            let total = digamma(pairwise_sum(&concentrations));
            Ok(concentrations.iter().map(|it| digamma(*it) - total).collect())
        }
        "dirichlet_process" => {
            let place = state.get("weight_concentration_")?;
            let pair = place.as_list()?;
            let [a, b] = pair.as_slice() else {
                return Err(place.wrong("a pair of arrays"));
            };
            let (a, b) = (a.as_floats()?, b.as_floats()?);
            if [a.len(), b.len()] != [k, k] {
                return Err(place.invalid(format!("is not for {k} Gaussians")));
            }
            let mut left = 0.0;
            let weights = a.iter().zip(&b).map(|(a, b)| {
                let total = digamma(a + b);
                let weight = digamma(*a) - total + left;
                left += digamma(*b) - total;
                weight
            });
            Ok(weights.collect())
        }
        other => Err(kind.unsupported(format!("is {other:?}, which is not supported"))),
    }
}

impl Estimator for Mixture {
    fn n_features_in(&self) -> usize {
        self.gaussians.n_features()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = input.into_dense(self.gaussians.n_features())?;
        x.check_finite(Nan::Refused)?;
        let mut densities = self.weighted_log_densities(&x);
        match method {
            Method::Predict => {
                let likeliest = rows::argmax(&densities).into_iter().map(i64::from);
                Ok(Output::Vector(Values::Int(likeliest.collect())))
            }
            Method::ScoreSamples => Ok(Output::floats(self.log_sum_exp.of(&densities))),
            Method::PredictProba => {
                let totals = self.log_sum_exp.of(&densities);
                for column in &mut densities {
                    column.iter_mut().zip(&totals).for_each(|(x, total)| *x -= total);
                    exp(column);
                }
                Dense::new(x.n_rows(), densities).map(Output::dense)
            }
            _ => Err(unsupported("a mixture", method)),
        }
    }
}
