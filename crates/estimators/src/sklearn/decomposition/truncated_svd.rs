//! `TruncatedSVD`: rows projected on singular vectors, without centring; sparse rows stay sparse.
//!
//! | attribute     | shape  | meaning              | since |
//! |---------------|--------|----------------------|-------|
//! | `components_` | (k, p) | the singular vectors | any   |
//!
//! Output: `transform` gives shape (n, k), `inverse_transform` takes that back to (n, p).
//!
//! Source of truth: `TruncatedSVD.transform` in `sklearn/decomposition/_truncated_svd.py`.

use super::projection::Projection;
use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, Precision, ReadError, State,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.decomposition._truncated_svd.TruncatedSVD",
        "sklearn.decomposition.truncated_svd.TruncatedSVD", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(TruncatedSvd::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct TruncatedSvd {
    forward: Projection,
    backward: Projection,
}

impl TruncatedSvd {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let stored = state.get("components_")?;
        let components = stored.as_matrix()?;
        state.n_features_in(components.n_cols)?;
        state.charge(components.data.len().saturating_mul(8))?;
        let precision = if is_single(&stored) { Precision::Single } else { Precision::Double };
        let forward = Projection::new(components, precision);
        let backward = forward.transposed(None);
        Ok(Self { forward, backward })
    }
}

impl Estimator for TruncatedSvd {
    fn n_features_in(&self) -> usize {
        self.forward.n_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.forward.apply(input).map(Output::dense),
            Method::InverseTransform => self.backward.apply(input).map(Output::dense),
            _ => Err(unsupported("TruncatedSVD", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.forward.n_out())
    }
}
