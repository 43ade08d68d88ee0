//! `FactorAnalysis`: the factors of a normal distribution whose noise differs by column.
//!
//! | attribute         | shape  | meaning                              | since |
//! |-------------------|--------|--------------------------------------|-------|
//! | `components_`     | (k, p) | loadings W                           | any   |
//! | `noise_variance_` | (p,)   | variance of the noise in each column | any   |
//! | `mean_`           | (p,)   | subtracted                           | any   |
//! | `n_components`    | int    | decides how `score_samples` inverts; None: p | any |
//!
//! Output: `transform` gives `((x - mean) (W / noise)') (I + (W / noise) W')^-1`, shape (n, k). LAPACK
//! inverts in Python, so results agree to the rounding of its factors.
//!
//! Source of truth: `FactorAnalysis` in `sklearn/decomposition/_factor_analysis.py`.

use kernels::factorizations::Lu;

use super::log_likelihood::{LogLikelihood, Precise};
use super::projection::Projection;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Matrix, Method, Nan, Output, Precision,
    ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.decomposition._factor_analysis.FactorAnalysis",
        "sklearn.decomposition.factor_analysis.FactorAnalysis", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(FactorAnalysis::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::ScoreSamples];

#[derive(Debug)]
struct FactorAnalysis {
    mean: Vec<f64>,
    /// By `W / noise`.
    weights: Projection,
    /// The covariance of the factors given a row.
    covariance: Projection,
    likelihood: Option<LogLikelihood<Parameters>>,
}

#[derive(Debug)]
struct Parameters {
    components: Matrix,
    noise: Vec<f64>,
    /// What the parameter `n_components` says.
    n_components: Option<usize>,
}

impl FactorAnalysis {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let components = state.matrix("components_")?;
        let (k, p) = (components.n_rows, components.n_cols);
        state.n_features_in(p)?;
        state.charge(components.data.len().saturating_mul(16))?;
        state.charge(k.saturating_mul(k).saturating_mul(24))?;
        let noise = state.floats_len("noise_variance_", p)?;
        let mean = state.floats_len("mean_", p)?;
        let n_components =
            state.has("n_components").then(|| state.count("n_components")).transpose()?;
        let weights = components.clone().map(|_, j, x| x / noise[j]);
        let mut inner = weights.times_transposed(&components);
        inner.add_to_diagonal((0..k).map(|_| 1.0));
        let Some(inner) = Lu::new(inner.data, k) else {
            return Err(state.get("components_")?.invalid("makes a singular covariance"));
        };
        let covariance = Matrix { n_rows: k, n_cols: k, data: inner.inverse() }.transposed();
        let parameters = Parameters { components, noise, n_components };
        Ok(Self {
            weights: Projection::new(weights, Precision::Double),
            covariance: Projection::new(covariance, Precision::Double),
            likelihood: LogLikelihood::new(state, parameters, mean.clone()),
            mean,
        })
    }

    fn transform(&self, input: Block) -> Result<Dense, DataError> {
        let mut x = input.into_dense(self.mean.len())?;
        x.check_finite(Nan::Refused)?;
        x.map_columns(|j, column| column.iter_mut().for_each(|x| *x -= self.mean[j]));
        let factors = self.weights.apply(Block::Dense(x))?;
        self.covariance.apply(Block::Dense(factors))
    }
}

impl Precise for Parameters {
    fn precision(&self) -> Option<Matrix> {
        let Self { components, noise, n_components } = self;
        let (k, p) = (components.n_rows, components.n_cols);
        let across = components.transposed();
        if *n_components == Some(0) {
            let mut precision = Matrix { n_rows: p, n_cols: p, data: vec![0.0; p * p] };
            precision.add_to_diagonal(noise.iter().map(|x| 1.0 / x));
            return Some(precision);
        }
        if *n_components == Some(p) {
            let mut covariance = across.times_transposed(&across);
            covariance.add_to_diagonal(noise.iter().copied());
            return Some(Matrix {
                n_rows: p,
                n_cols: p,
                data: Lu::new(covariance.data, p)?.inverse(),
            });
        }
        let mut inner = components.clone().map(|_, j, x| x / noise[j]).times_transposed(components);
        inner.add_to_diagonal((0..k).map(|_| 1.0));
        let inner = Matrix { n_rows: k, n_cols: k, data: Lu::new(inner.data, k)?.inverse() };
        let inner = inner.times_transposed(&across);
        let outer = across.times_transposed(&inner.transposed());
        let mut precision = outer.map(|i, j, x| x / noise[i] / -noise[j]);
        precision.add_to_diagonal(noise.iter().map(|x| 1.0 / x));
        Some(precision)
    }
}

impl Estimator for FactorAnalysis {
    fn n_features_in(&self) -> usize {
        self.mean.len()
    }

    fn methods(&self) -> &[Method] {
        if self.likelihood.is_some() { METHODS } else { &METHODS[..1] }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match (method, &self.likelihood) {
            (Method::Transform, _) => self.transform(input).map(Output::dense),
            (Method::ScoreSamples, Some(it)) => it.score_samples(input),
            _ => Err(unsupported("FactorAnalysis", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.weights.n_out())
    }
}
