//! `KernelRidge`: a weighted sum of the kernel function of a row and each training row.
//!
//! | attribute    | shape              | meaning                     | since |
//! |--------------|--------------------|-----------------------------|-------|
//! | `X_fit_`     | (n, p), may be CSR | training rows               | any   |
//! | `dual_coef_` | (n,) or (n, t)     | weights                     | any   |
//!
//! `pairwise_kernels.rs` says which attributes describe the kernel. Output: shape (n,) or (n, t).
//!
//! Source of truth: `KernelRidge.predict` in `sklearn/kernel_ridge.py`.

use kernels::blas::{Layout, matrix_product, matrix_vector};

use crate::sklearn::blas::rest;
use crate::sklearn::linear_model::weighted_sums::Scores;
use crate::sklearn::pairwise_kernels::PairwiseKernel;
use crate::{
    Block, ClassSpec, DataError, Estimator, Matrix, Method, Output, ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.kernel_ridge.KernelRidge"],
    methods: METHODS,
    read: |state| Ok(Box::new(KernelRidge::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict];

#[derive(Debug)]
struct KernelRidge {
    kernel: PairwiseKernel,
    weights: Weights,
    layout: Layout,
}

#[derive(Debug)]
enum Weights {
    Vector(Vec<f64>),
    /// A row per target.
    Targets(Matrix),
}

impl KernelRidge {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let kernel = PairwiseKernel::read(state, "X_fit_")?;
        state.n_features_in(kernel.n_features_in())?;
        let n = kernel.n_points();
        let weights = match *state.array("dual_coef_")?.shape {
            [_] => Weights::Vector(state.floats_len("dual_coef_", n)?),
            [_, n_targets] => {
                Weights::Targets(state.matrix_of("dual_coef_", n, n_targets)?.transposed())
            }
            _ => return Err(state.get("dual_coef_")?.wrong("weights of one or two dimensions")),
        };
        Ok(Self { kernel, weights, layout: Layout::Rows(rest(state.version())) })
    }

    fn predict(&self, input: Block) -> Result<Output, DataError> {
        let n_rows = input.n_rows();
        let values = self.kernel.values(input)?;
        let inputs: Vec<&[f64]> = values.columns.iter().map(Vec::as_slice).collect();
        let precision = values.precision;
        let columns = match &self.weights {
            Weights::Vector(weights) => vec![matrix_vector(&inputs, weights, n_rows, self.layout)],
            Weights::Targets(it) => matrix_product(&inputs, it.rows(), n_rows),
        };
        let mut scores = Scores { columns, precision };
        scores.round();
        match self.weights {
            Weights::Vector(_) => scores.into_output(),
            Weights::Targets(_) => Ok(Output::Columns(scores.into_values())),
        }
    }
}

impl Estimator for KernelRidge {
    fn n_features_in(&self) -> usize {
        self.kernel.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Predict => self.predict(input),
            _ => Err(unsupported("KernelRidge", method)),
        }
    }
}
