//! `PCA` and `IncrementalPCA`: rows projected on principal components.
//!
//! | attribute             | shape  | meaning                                       | since |
//! |-----------------------|--------|-----------------------------------------------|-------|
//! | `components_`         | (k, p) | the principal axes                            | any   |
//! | `mean_`               | (p,)   | subtracted; `None` in rare files              | any   |
//! | `whiten`              | bool   | divide by the root of `explained_variance_`   | any   |
//! | `explained_variance_` | (k,)   | variance along each axis                      | any   |
//! | `noise_variance_`     | float  | variance along all others, for `score_samples` | any  |
//!
//! Output: `transform` gives shape (n, k), `inverse_transform` takes that back to (n, p). `score_samples`,
//! of `PCA` alone, is left out where the model is `float32` or a p by p matrix out of proportion to the file.
//!
//! Until 1.4 rows are centred and then projected. Since 1.5 the projected mean is subtracted from the
//! projected rows, and the root of a variance is at least the machine's epsilon.
//!
//! Source of truth: `_BasePCA` in `sklearn/decomposition/_base.py`.

use kernels::factorizations::Lu;

use super::log_likelihood::{LogLikelihood, Precise};
use super::projection::Projection;
use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Matrix, Method, Nan, Output, Precision,
    ReadError, State, Version, unsupported,
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform, Method::ScoreSamples];
const WITHOUT_SCORES: &[Method] = &[Method::Transform, Method::InverseTransform];

/// The newest path, then that of 0.21 and before.
pub(crate) const CLASSES: &[&ClassSpec] = &[
    &ClassSpec {
        paths: &["sklearn.decomposition._pca.PCA", "sklearn.decomposition.pca.PCA"],
        methods: METHODS,
        read: |state| {
            let pca = Pca::read(state)?;
            let likelihood = pca.likelihood(state)?;
            Ok(Box::new(Pca { likelihood, ..pca }))
        },
    },
    &ClassSpec {
        paths: &[
            "sklearn.decomposition._incremental_pca.IncrementalPCA",
            "sklearn.decomposition.incremental_pca.IncrementalPCA",
        ],
        methods: WITHOUT_SCORES,
        read: |state| Ok(Box::new(Pca::read(state)?)),
    },
];

#[derive(Debug)]
struct Pca {
    forward: Projection,
    backward: Projection,
    mean: Option<Vec<f64>>,
    /// Subtracted after projecting; empty where rows are centred before.
    projected_mean: Vec<f64>,
    /// Roots of the variances, if they are to be divided by.
    scale: Option<Vec<f64>>,
    likelihood: Option<LogLikelihood<Axes>>,
}

/// The axes, not whitened, and the variances along them and elsewhere.
#[derive(Debug)]
struct Axes {
    components: Matrix,
    variances: Vec<f64>,
    noise: f64,
    inverts: Inverts,
}

/// When the covariance is inverted as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inverts {
    /// Until 1.0: if there are as many axes as columns.
    AllAxes,
    /// Since 1.1: if there is no noise.
    WithoutNoise,
}

impl Pca {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let stored = state.get("components_")?;
        let components = stored.as_matrix()?;
        let (k, p) = (components.n_rows, components.n_cols);
        state.n_features_in(p)?;
        state.charge(components.data.len().saturating_mul(8))?;
        let precision = if is_single(&stored) { Precision::Single } else { Precision::Double };
        let mean = state.has("mean_").then(|| state.floats_len("mean_", p)).transpose()?;
        let late = Version::new(1, 5) <= state.version();
        let roots = match state.flag("whiten")? {
            true => Some(state.floats_len("explained_variance_", k)?),
            false => None,
        };
        let roots: Option<Vec<f64>> = roots.map(|it| it.iter().map(|x| x.sqrt()).collect());
        let forward = Projection::new(components, precision);
        let backward = forward.transposed(roots.as_deref());
        let projected_mean = match &mean {
            Some(mean) if late => forward.apply_row(mean),
            _ => Vec::new(),
        };
        let least = if !late {
            0.0
        } else if precision == Precision::Single {
            f64::from(f32::EPSILON)
        } else {
            f64::EPSILON
        };
        let scale = roots.map(|it| it.iter().map(|x| x.max(least)).collect());
        Ok(Self { forward, backward, mean, projected_mean, scale, likelihood: None })
    }

    fn likelihood(&self, state: &State<'_>) -> Result<Option<LogLikelihood<Axes>>, ReadError> {
        let Some(mean) = &self.mean else { return Ok(None) };
        let stored = state.get("components_")?;
        if is_single(&stored) || !state.has("noise_variance_") {
            return Ok(None);
        }
        let mut components = stored.as_matrix()?;
        let variances = state.floats_len("explained_variance_", components.n_rows)?;
        if state.flag("whiten")? {
            components = components.map(|i, _, x| x * variances[i].sqrt());
        }
        let late = Version::new(1, 1) <= state.version();
        let inverts = if late { Inverts::WithoutNoise } else { Inverts::AllAxes };
        let noise = state.float("noise_variance_")?;
        let axes = Axes { components, variances, noise, inverts };
        Ok(LogLikelihood::new(state, axes, mean.clone()))
    }

    fn transform(&self, input: Block) -> Result<Dense, DataError> {
        let centred = match &self.mean {
            Some(mean) if self.projected_mean.is_empty() => {
                let mut x = input.into_dense(self.forward.n_in())?;
                x.check_finite(Nan::Refused)?;
                x.map_columns(|j, column| column.iter_mut().for_each(|x| *x -= mean[j]));
                x.round();
                Block::Dense(x)
            }
            _ => input,
        };
        let mut result = self.forward.apply(centred)?;
        if !self.projected_mean.is_empty() {
            result.map_columns(|j, column| {
                column.iter_mut().for_each(|x| *x -= self.projected_mean[j]);
            });
            result.round();
        }
        if let Some(scale) = &self.scale {
            result.map_columns(|j, column| column.iter_mut().for_each(|x| *x /= scale[j]));
            result.round();
        }
        Ok(result)
    }

    fn inverse_transform(&self, input: Block) -> Result<Dense, DataError> {
        let mut result = self.backward.apply(input)?;
        if let Some(mean) = &self.mean {
            result.map_columns(|j, column| column.iter_mut().for_each(|x| *x += mean[j]));
            result.round();
        }
        Ok(result)
    }
}

impl Precise for Axes {
    fn precision(&self) -> Option<Matrix> {
        let (k, p) = (self.components.n_rows, self.components.n_cols);
        let above_noise = |i: usize| (self.variances[i] - self.noise).max(0.0);
        let across = self.components.transposed();
        if k == 0 {
            let mut precision = Matrix { n_rows: p, n_cols: p, data: vec![0.0; p * p] };
            precision.add_to_diagonal((0..p).map(|_| 1.0 / self.noise));
            return Some(precision);
        }
        let whole = match self.inverts {
            Inverts::AllAxes => k == p,
            Inverts::WithoutNoise => self.noise == 0.0,
        };
        if whole {
            let scaled = across.clone().map(|_, j, x| x * above_noise(j));
            let mut covariance = scaled.times_transposed(&across);
            covariance.add_to_diagonal((0..p).map(|_| self.noise));
            return Some(Matrix {
                n_rows: p,
                n_cols: p,
                data: Lu::new(covariance.data, p)?.inverse(),
            });
        }
        let products = self.components.times_transposed(&self.components);
        let mut inner = products.map(|_, _, x| x / self.noise);
        inner.add_to_diagonal((0..k).map(|i| 1.0 / above_noise(i)));
        let inner = Matrix { n_rows: k, n_cols: k, data: Lu::new(inner.data, k)?.inverse() };
        let inner = inner.times_transposed(&across);
        let outer = across.times_transposed(&inner.transposed());
        let mut precision = outer.map(|_, _, x| x / -(self.noise * self.noise));
        precision.add_to_diagonal((0..p).map(|_| 1.0 / self.noise));
        Some(precision)
    }
}

impl Estimator for Pca {
    fn n_features_in(&self) -> usize {
        self.forward.n_in()
    }

    fn methods(&self) -> &[Method] {
        if self.likelihood.is_some() { METHODS } else { WITHOUT_SCORES }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match (method, &self.likelihood) {
            (Method::Transform, _) => self.transform(input).map(Output::dense),
            (Method::InverseTransform, _) => self.inverse_transform(input).map(Output::dense),
            (Method::ScoreSamples, Some(it)) => it.score_samples(input),
            _ => Err(unsupported("PCA", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.forward.n_out())
    }
}
