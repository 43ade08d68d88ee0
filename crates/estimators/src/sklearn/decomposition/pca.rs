//! `PCA` and `IncrementalPCA`: rows projected on principal components.
//!
//! | attribute             | shape  | meaning                                       | since |
//! |-----------------------|--------|-----------------------------------------------|-------|
//! | `components_`         | (k, p) | the principal axes                            | any   |
//! | `mean_`               | (p,)   | subtracted; `None` in rare files              | any   |
//! | `whiten`              | bool   | divide by the root of `explained_variance_`   | any   |
//! | `explained_variance_` | (k,)   | variance along each axis                      | any   |
//!
//! Output: `transform` gives shape (n, k), `inverse_transform` takes that back to (n, p).
//!
//! Until 1.4 rows are centred and then projected. Since 1.5 the projected mean is subtracted from the
//! projected rows, and the root of a variance is at least the machine's epsilon.
//!
//! Source of truth: `_BasePCA` in `sklearn/decomposition/_base.py`.

use super::projection::Projection;
use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Method, Nan, Output, Precision, ReadError,
    State, Version, unsupported,
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read: |state| Ok(Box::new(Pca::read(state)?)) }
}

/// The newest path, then that of 0.21 and before.
pub(crate) const CLASSES: &[&ClassSpec] = &[
    &class(&["sklearn.decomposition._pca.PCA", "sklearn.decomposition.pca.PCA"]),
    &class(&[
        "sklearn.decomposition._incremental_pca.IncrementalPCA",
        "sklearn.decomposition.incremental_pca.IncrementalPCA",
    ]),
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
        Ok(Self { forward, backward, mean, projected_mean, scale })
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

impl Estimator for Pca {
    fn n_features_in(&self) -> usize {
        self.forward.n_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.transform(input).map(Output::dense),
            Method::InverseTransform => self.inverse_transform(input).map(Output::dense),
            _ => Err(unsupported("PCA", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.forward.n_out())
    }
}
