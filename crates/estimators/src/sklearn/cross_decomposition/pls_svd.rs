//! `PLSSVD`: rows projected on the singular vectors of their products with the targets.
//!
//! | attribute    | shape  | meaning              | since |
//! |--------------|--------|----------------------|-------|
//! | `x_weights_` | (p, k) | the singular vectors | any   |
//!
//! Means and standard deviations: see `centred.rs`.
//!
//! Output: `transform` gives shape (n, k), always `float64`.
//!
//! Source of truth: `PLSSVD.transform` in `sklearn/cross_decomposition/_pls.py`.

use kernels::blas::Layout;

use super::centred::Centred;
use super::pls::{product, turned};
use crate::sklearn::blas::layout;
use crate::{
    Block, ClassSpec, DataError, Dense, Dtype, Estimator, Matrix, Method, Output, ReadError, State,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.cross_decomposition._pls.PLSSVD",
        "sklearn.cross_decomposition.pls_.PLSSVD", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(PlsSvd::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct PlsSvd {
    x: Centred,
    /// A row per component.
    weights: Matrix,
    layout: Layout,
}

impl PlsSvd {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let weights = state.matrix("x_weights_")?;
        state.charge(weights.data.len().saturating_mul(8))?;
        let x = Centred::read(state, weights.n_rows)?;
        Ok(Self { x, weights: turned(&weights), layout: layout(state) })
    }

    fn transform(&self, input: Block) -> Result<Dense, DataError> {
        let mut x = input.into_dense(self.weights.n_cols)?;
        x.dtype = Dtype::Float64;
        let x = self.x.scaled(Block::Dense(x))?;
        Dense::new(x.n_rows(), product(&x, &self.weights, self.layout))
    }
}

impl Estimator for PlsSvd {
    fn n_features_in(&self) -> usize {
        self.weights.n_cols
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.transform(input).map(Output::dense),
            _ => Err(unsupported("PLSSVD", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.weights.n_rows)
    }
}
