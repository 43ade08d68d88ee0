//! `RBFSampler`: random Fourier features of the RBF kernel.
//!
//! Attributes: see `cosine_features.rs`. The factor is `(2 / n_components) ** 0.5` since 1.2 and
//! `sqrt(2) / sqrt(n_components)` before, which may differ in the last bit.
//!
//! Output: `transform` gives shape (n, k), dense.
//!
//! Source of truth: `RBFSampler.transform` in `sklearn/kernel_approximation.py`.

use super::cosine_features::CosineFeatures;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, ReadError, State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.kernel_approximation.RBFSampler"],
    methods: METHODS,
    read: |state| Ok(Box::new(RbfSampler::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct RbfSampler {
    features: CosineFeatures,
}

impl RbfSampler {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let late = Version::new(1, 2) <= state.version();
        let factor = |n: f64| if late { (2.0 / n).powf(0.5) } else { 2f64.sqrt() / n.sqrt() };
        Ok(Self { features: CosineFeatures::read(state, factor)? })
    }
}

impl Estimator for RbfSampler {
    fn n_features_in(&self) -> usize {
        self.features.n_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.features.apply(input),
            _ => Err(unsupported("RBFSampler", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.features.n_out())
    }
}
