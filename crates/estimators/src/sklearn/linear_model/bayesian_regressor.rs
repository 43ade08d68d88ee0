//! `BayesianRidge` and `ARDRegression`: linear regressors that know how certain they are.
//!
//! | attribute                     | shape  | meaning                                                    | since |
//! |-------------------------------|--------|------------------------------------------------------------|-------|
//! | `sigma_`                      | (q, q) | covariance of the weights that are used                    | any   |
//! | `alpha_`                      | number | precision of the noise                                     | any   |
//! | `lambda_`, `threshold_lambda` | (p,)   | `ARDRegression` uses features with a lambda below this     | any   |
//! | `normalize`, `_normalize`     | bool   | rows are centred and scaled first: until 0.24, 1.0 and 1.1 | any   |
//! | `X_offset_`, `X_scale_`       | (p,)   | how; since 1.9 rows are always centred                     | any   |
//!
//! `weighted_sums.rs` says which attributes give the mean. The standard deviation is that of the weights'
//! sum and the noise: `sqrt(Σ (X sigma_) X + 1 / alpha_)`.
//!
//! Source of truth: `BayesianRidge.predict` and `ARDRegression.predict` in `sklearn/linear_model/_bayes.py`.

use kernels::blas::matrix_product;
use kernels::rows;

use super::weighted_sums::WeightedSums;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Matrix, Method, Output, ReadError, State,
    Version, unsupported,
};

const METHODS: &[Method] = &[Method::Predict, Method::PredictWithStd];

pub(super) const RIDGE: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.linear_model._bayes.BayesianRidge",
        "sklearn.linear_model.bayes.BayesianRidge", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(BayesianRegressor::read(state, false)?)),
};

pub(super) const ARD: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.linear_model._bayes.ARDRegression",
        "sklearn.linear_model.bayes.ARDRegression", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(BayesianRegressor::read(state, true)?)),
};

#[derive(Debug)]
struct BayesianRegressor {
    sums: WeightedSums,
    /// A row per feature used.
    covariance: Matrix,
    /// Which features are used.
    used: Vec<usize>,
    offset: Option<Vec<f64>>,
    scale: Option<Vec<f64>>,
    noise: f64,
    methods: &'static [Method],
}

impl BayesianRegressor {
    fn read(state: &State<'_>, selects: bool) -> Result<Self, ReadError> {
        let sums = WeightedSums::read(state)?;
        let p = sums.n_features_in();
        if sums.n_targets() != 1 {
            return Err(state.get("coef_")?.wrong("the weights of one target"));
        }
        let used: Vec<usize> = if selects {
            let threshold = state.float("threshold_lambda")?;
            let lambdas = state.floats_len("lambda_", p)?;
            (0..p).filter(|&j| lambdas[j] < threshold).collect()
        } else {
            (0..p).collect()
        };
        let covariance = state.matrix_of("sigma_", used.len(), used.len())?.transposed();
        let normalize = if state.has("_normalize") { "_normalize" } else { "normalize" };
        let scaled = state.version() < Version::new(1, 2) && state.flag_or(normalize, false)?;
        let centred = scaled || Version::new(1, 9) <= state.version();
        // ARDRegression of 0.20 lacks them, and fails.
        let known = !centred || state.has("X_offset_");
        let read = |name: &str| state.floats_len(name, p);
        Ok(Self {
            offset: (centred && known).then(|| read("X_offset_")).transpose()?,
            scale: (scaled && known).then(|| read("X_scale_")).transpose()?,
            noise: 1.0 / state.float("alpha_")?,
            methods: if known { METHODS } else { &METHODS[..1] },
            sums,
            covariance,
            used,
        })
    }

    fn deviations(&self, mut x: Dense) -> Vec<f64> {
        if let Some(offset) = &self.offset {
            x.map_columns(|j, column| column.iter_mut().for_each(|x| *x -= offset[j]));
        }
        if let Some(scale) = &self.scale {
            x.map_columns(|j, column| column.iter_mut().for_each(|x| *x /= scale[j]));
        }
        let columns: Vec<&[f64]> = self.used.iter().map(|&j| x.column(j)).collect();
        let mut products = matrix_product(&columns, self.covariance.rows(), x.n_rows());
        for (product, column) in products.iter_mut().zip(&columns) {
            product.iter_mut().zip(*column).for_each(|(product, x)| *product *= x);
        }
        let mut deviations = match products.is_empty() {
            true => vec![0.0; x.n_rows()],
            false => rows::sums(&products),
        };
        deviations.iter_mut().for_each(|it| *it = (*it + self.noise).sqrt());
        deviations
    }
}

impl Estimator for BayesianRegressor {
    fn n_features_in(&self) -> usize {
        self.sums.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("this Bayesian regressor", method));
        }
        match method {
            Method::Predict => self.sums.scores(input)?.into_output(),
            Method::PredictWithStd => {
                let x = input.into_dense(self.sums.n_features_in())?;
                let mean = self.sums.scores(Block::Dense(x.clone()))?.into_output()?;
                let deviations = Output::floats(self.deviations(x));
                Ok(Output::Parts(vec![("", mean), ("std", deviations)]))
            }
            _ => Err(unsupported("a Bayesian regressor", method)),
        }
    }
}
