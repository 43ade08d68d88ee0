//! `Nystroem`: the kernel function of a row and each of a few training rows, times the root of their own
//! kernel matrix's inverse.
//!
//! | attribute        | shape              | meaning                                     | since |
//! |------------------|--------------------|---------------------------------------------|-------|
//! | `components_`    | (k, p), may be CSR | the training rows                           | any   |
//! | `normalization_` | (k, k)             | the root of the inverse                     | any   |
//! | `kernel_params`  | dict or None       | further parameters: refused unless empty    | any   |
//!
//! `pairwise_kernels.rs` says which attributes describe the kernel. Output: shape (n, k).
//!
//! Source of truth: `Nystroem.transform` in `sklearn/kernel_approximation.py`.

use kernels::blas::matrix_product;
use kernels::linear::add_fused_f32;

use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::sklearn::pairwise_kernels::PairwiseKernel;
use crate::{
    Block, ClassSpec, DataError, Dense, Dtype, Estimator, Matrix, Method, Output, Precision,
    ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.kernel_approximation.Nystroem"],
    methods: METHODS,
    read: |state| Ok(Box::new(Nystroem::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct Nystroem {
    kernel: PairwiseKernel,
    normalization: Matrix,
    precision: Precision,
}

impl Nystroem {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        if let Some(it) = state.optional("kernel_params")
            && it.value().len() != Some(0)
        {
            return Err(it.unsupported("gives the kernel further parameters"));
        }
        let kernel = PairwiseKernel::read(state, "components_")?;
        state.n_features_in(kernel.n_features_in())?;
        let k = kernel.n_points();
        let normalization = state.matrix_of("normalization_", k, k)?;
        let single = is_single(&state.get("normalization_")?);
        let precision = if single { Precision::Single } else { Precision::Double };
        Ok(Self { kernel, normalization, precision })
    }

    fn transform(&self, input: Block) -> Result<Dense, DataError> {
        let n_rows = input.n_rows();
        let values = self.kernel.values(input)?;
        let values_of: Vec<&[f64]> = values.columns.iter().map(Vec::as_slice).collect();
        let rows = self.normalization.rows();
        if values.precision == Precision::Double || self.precision == Precision::Double {
            return Dense::new(n_rows, matrix_product(&values_of, rows, n_rows));
        }
        let columns = rows.map(|row| {
            let mut sums = vec![0.0; n_rows];
            add_fused_f32(&values_of, row, &mut sums);
            sums
        });
        let mut result = Dense::new(n_rows, columns.collect())?;
        result.dtype = Dtype::Float32;
        Ok(result)
    }
}

impl Estimator for Nystroem {
    fn n_features_in(&self) -> usize {
        self.kernel.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.transform(input).map(Output::dense),
            _ => Err(unsupported("Nystroem", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.normalization.n_rows)
    }
}
