//! `GaussianRandomProjection` and `SparseRandomProjection`: rows projected on random directions.
//!
//! | attribute                    | shape  | meaning                                        | since |
//! |------------------------------|--------|------------------------------------------------|-------|
//! | `components_`                | (k, p) | the directions; CSR in `SparseRandomProjection` of a density below 1 | any |
//! | `dense_output`               | bool   | sparse results of sparse rows are written out  | any   |
//! | `compute_inverse_components` | bool   | the pseudo-inverse was stored                  | 1.1   |
//! | `inverse_components_`        | (p, k) | pseudo-inverse of `components_`                | 1.1   |
//!
//! Output: `transform` gives shape (n, k), `inverse_transform` takes that back to (n, p). It came with 1.1;
//! a pseudo-inverse that was not stored is computed when first needed. (Of `float32` components Python
//! computes one in `float32`, which can't be repeated: there is no `inverse_transform` then.)
//!
//! Source of truth: `BaseRandomProjection` in `sklearn/random_projection.py`.

use std::sync::OnceLock;

use kernels::pseudo_inverse::pseudo_inverse;

use super::components::Components;
use crate::{
    Block, ClassSpec, DataError, Estimator, Matrix, Method, Output, Precision, ReadError, State,
    Version, unsupported,
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &ClassSpec {
        paths: &["sklearn.random_projection.GaussianRandomProjection"],
        methods: METHODS,
        read: |state| Ok(Box::new(RandomProjection::read(state)?)),
    },
    &ClassSpec {
        paths: &["sklearn.random_projection.SparseRandomProjection"],
        methods: METHODS,
        read: |state| Ok(Box::new(RandomProjection::read(state)?)),
    },
];

#[derive(Debug)]
struct RandomProjection {
    forward: Components,
    backward: OnceLock<Components>,
    dense_output: bool,
    methods: &'static [Method],
}

impl RandomProjection {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let forward = Components::read(&state.get("components_")?)?;
        let (n_features, n_components) = (forward.n_in(), forward.n_out());
        state.n_features_in(n_features)?;
        let backward = OnceLock::new();
        let stored = state.flag_or("compute_inverse_components", false)?;
        if stored {
            state.matrix_of("inverse_components_", n_features, n_components)?;
            let _ = backward.set(Components::read(&state.get("inverse_components_")?)?);
        } else {
            state.charge(n_features.saturating_mul(n_components).saturating_mul(32))?;
        }
        let inverse = Version::new(1, 1) <= state.version()
            && (stored || forward.precision() == Precision::Double);
        Ok(Self {
            forward,
            backward,
            dense_output: state.flag_or("dense_output", true)?,
            methods: if inverse { METHODS } else { &METHODS[..1] },
        })
    }

    fn transform(&self, input: Block) -> Result<Output, DataError> {
        let product = self.forward.apply(input)?;
        if self.dense_output {
            return product.into_numbers().map(Output::dense);
        }
        Ok(Output::Block(product))
    }

    fn inverse_transform(&self, input: Block) -> Result<Output, DataError> {
        let backward = self.backward.get_or_init(|| inverse(&self.forward));
        backward.apply(input).map(Output::Block)
    }
}

impl Estimator for RandomProjection {
    fn n_features_in(&self) -> usize {
        self.forward.n_in()
    }

    fn methods(&self) -> &[Method] {
        self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.transform(input),
            Method::InverseTransform => self.inverse_transform(input),
            _ => Err(unsupported("a random projection", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.forward.n_out())
    }
}

fn inverse(forward: &Components) -> Components {
    let Matrix { n_rows, n_cols, data } = forward.matrix();
    let inverse = pseudo_inverse(&data, n_rows, n_cols);
    Components::new(Matrix { n_rows: n_cols, n_cols: n_rows, data: inverse }, Precision::Double)
}
