//! `KernelPCA`: rows projected on principal components in the space of a kernel.
//!
//! | attribute              | shape  | meaning                                         | since |
//! |------------------------|--------|-------------------------------------------------|-------|
//! | `X_fit_`               | (m, p) | the training rows                               | any   |
//! | `eigenvectors_`        | (m, k) | components; `alphas_` until 0.24                | 1.0   |
//! | `eigenvalues_`         | (k,)   | their variances; `lambdas_` until 0.24          | 1.0   |
//! | `_centerer`            | `KernelCenterer` | moves the kernel to its mean          | any   |
//! | `fit_inverse_transform`, `X_transformed_fit_`, `dual_coef_` | | for `inverse_transform` | any |
//! | `kernel`, `gamma_`, …  |        | see `pairwise_kernels.rs`; `"precomputed"`: rows are kernel values | any |
//!
//! Output: `transform` gives shape (n, k); an eigenvalue of 0 gives 0 (until 0.20: a division by 0).
//! `inverse_transform` takes that back to (n, p); 0.23 adds `alpha` to kernel values by a row's place in
//! the call, so that a row has no answer of its own: there it is left out.
//!
//! Source of truth: `KernelPCA` in `sklearn/decomposition/_kernel_pca.py`.

use super::projection::Projection;
use crate::sklearn::pairwise_kernels::PairwiseKernel;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Matrix, Method, Output, Precision, ReadError,
    State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.decomposition._kernel_pca.KernelPCA",
        "sklearn.decomposition.kernel_pca.KernelPCA", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(KernelPca::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct KernelPca {
    /// `None` if the rows are kernel values.
    kernel: Option<PairwiseKernel>,
    centerer: Box<dyn Estimator>,
    components: Projection,
    inverse: Option<Inverse>,
}

/// Ridge regression from the components to the columns.
#[derive(Debug)]
struct Inverse {
    kernel: PairwiseKernel,
    weights: Projection,
}

impl KernelPca {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let precomputed = state.get("kernel")?.value().as_str() == Some("precomputed");
        let kernel = (!precomputed).then(|| PairwiseKernel::read(state, "X_fit_")).transpose()?;
        let components = components(state)?;
        let m = components.n_in();
        let centerer = state.estimator("_centerer")?;
        let is_centerer = state
            .get("_centerer")?
            .class()
            .is_some_and(|it| it.to_string().ends_with(".KernelCenterer"));
        let points = kernel.as_ref().map_or(m, PairwiseKernel::n_points);
        if !is_centerer || centerer.n_features_in() != m || points != m {
            return Err(state.get("_centerer")?.invalid(format!("is not for {m} training rows")));
        }
        if let Some(it) = &kernel {
            state.n_features_in(it.n_features_in())?;
        }
        let inverse = match state.flag("fit_inverse_transform")? && !is_by_place(state.version()) {
            true => Some(Inverse::read(state, components.n_out())?),
            false => None,
        };
        Ok(Self { kernel, centerer, components, inverse })
    }

    fn transform(&self, input: Block) -> Result<Dense, DataError> {
        let values = match &self.kernel {
            Some(kernel) => kernel_values(kernel, input)?,
            None => input,
        };
        let centred = self.centerer.call(Method::Transform, values)?.into_block()?;
        self.components.apply(centred)
    }
}

impl Inverse {
    fn read(state: &State<'_>, k: usize) -> Result<Self, ReadError> {
        let kernel = PairwiseKernel::read(state, "X_transformed_fit_")?;
        let weights = state.matrix("dual_coef_")?;
        if kernel.n_features_in() != k || kernel.n_points() != weights.n_rows {
            return Err(state
                .get("dual_coef_")?
                .invalid("is not for the rows of X_transformed_fit_"));
        }
        Ok(Self { kernel, weights: Projection::new(weights.transposed(), Precision::Double) })
    }
}

/// Whether `inverse_transform` looks at a row's place.
fn is_by_place(version: Version) -> bool {
    Version::new(0, 23) <= version && version < Version::new(0, 24)
}

/// The eigenvectors divided by the roots of their eigenvalues, as rows.
fn components(state: &State<'_>) -> Result<Projection, ReadError> {
    let late = state.has("eigenvectors_");
    let (vectors, values) =
        if late { ("eigenvectors_", "eigenvalues_") } else { ("alphas_", "lambdas_") };
    let vectors: Matrix = state.matrix(vectors)?;
    let values = state.floats_len(values, vectors.n_cols)?;
    state.charge(vectors.data.len().saturating_mul(8))?;
    let divides_by_zero = state.version() < Version::new(0, 21);
    let scaled = vectors.map(|_, j, x| match values[j] {
        0.0 if !divides_by_zero => 0.0,
        it => x / it.sqrt(),
    });
    Ok(Projection::new(scaled.transposed(), Precision::Double))
}

fn kernel_values(kernel: &PairwiseKernel, input: Block) -> Result<Block, DataError> {
    let n_rows = input.n_rows();
    let values = kernel.values(input)?;
    let mut dense = Dense::new(n_rows, values.columns)?;
    dense.dtype = values.precision.into();
    Ok(Block::Dense(dense))
}

impl Estimator for KernelPca {
    fn n_features_in(&self) -> usize {
        self.kernel.as_ref().map_or(self.components.n_in(), PairwiseKernel::n_features_in)
    }

    fn methods(&self) -> &[Method] {
        if self.inverse.is_some() { METHODS } else { &METHODS[..1] }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match (method, &self.inverse) {
            (Method::Transform, _) => self.transform(input).map(Output::dense),
            (Method::InverseTransform, Some(inverse)) => {
                let values = kernel_values(&inverse.kernel, input)?;
                inverse.weights.apply(values).map(Output::dense)
            }
            _ => Err(unsupported("KernelPCA", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.components.n_out())
    }
}
