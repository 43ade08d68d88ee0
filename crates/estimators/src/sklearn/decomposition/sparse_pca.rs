//! `SparsePCA` and `MiniBatchSparsePCA`: rows as combinations of sparse components, by ridge regression.
//!
//! | attribute              | shape  | meaning                                      | since  |
//! |------------------------|--------|----------------------------------------------|--------|
//! | `components_`          | (k, p) | the components C                             | any    |
//! | `mean_`                | (p,)   | subtracted                                   | any    |
//! | `ridge_alpha`          | float  | added to the diagonal of `C C'`              | any    |
//! | `normalize_components` | bool   | False is refused; "deprecated" in 0.22 and 0.23 meant True | until 0.23 |
//!
//! Output: `transform` solves `(C C' + alpha I) u = C (x - mean)` by Cholesky, shape (n, k), or, if there
//! are more components than columns, `u = C (C' C + alpha I)^-1 (x - mean)`. `inverse_transform` (since
//! 1.2) gives `u C + mean`.
//!
//! `normalize_components=False`, the default until 0.21, divides each column by its norm over all rows
//! of the call: a row has no answer of its own.
//!
//! Source of truth: `transform` in `sklearn/decomposition/_sparse_pca.py` and `ridge_regression` in
//! `sklearn/linear_model/_ridge.py`.

use kernels::factorizations::Cholesky;

use super::projection::Projection;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Matrix, Method, Nan, Output, Precision,
    ReadError, State, Version, unsupported,
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read: |state| Ok(Box::new(SparsePca::read(state)?)) }
}

/// The newest path, then that of 0.21 and before.
pub(crate) const CLASSES: &[&ClassSpec] = &[
    &class(&[
        "sklearn.decomposition._sparse_pca.SparsePCA",
        "sklearn.decomposition.sparse_pca.SparsePCA",
    ]),
    &class(&[
        "sklearn.decomposition._sparse_pca.MiniBatchSparsePCA",
        "sklearn.decomposition.sparse_pca.MiniBatchSparsePCA",
    ]),
];

#[derive(Debug)]
struct SparsePca {
    mean: Vec<f64>,
    forward: Projection,
    backward: Projection,
    system: System,
    methods: &'static [Method],
}

/// Which of the two systems is smaller.
#[derive(Debug)]
enum System {
    /// `C C' + alpha I`, k by k.
    Components(Cholesky),
    /// `C' C + alpha I`, p by p.
    Columns(Cholesky),
}

impl SparsePca {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        refuse_norms_of_a_block(state)?;
        let components = state.matrix("components_")?;
        let (k, p) = (components.n_rows, components.n_cols);
        state.n_features_in(p)?;
        let least = k.min(p);
        state.charge(components.data.len().saturating_mul(16))?;
        state.charge(least.saturating_mul(least).saturating_mul(8))?;
        let system = system(&components, state.float("ridge_alpha")?);
        let Some(system) = system else {
            let text = "needs singular values, as its Cholesky factor does not exist";
            return Err(state.get("components_")?.unsupported(text));
        };
        let late = Version::new(1, 2) <= state.version();
        let forward = Projection::new(components, Precision::Double);
        Ok(Self {
            mean: state.floats_len("mean_", p)?,
            backward: forward.transposed(None),
            forward,
            system,
            methods: if late { METHODS } else { &METHODS[..1] },
        })
    }

    fn transform(&self, input: Block) -> Result<Dense, DataError> {
        let mut x = input.into_dense(self.mean.len())?;
        x.check_finite(Nan::Refused)?;
        x.map_columns(|j, column| column.iter_mut().for_each(|x| *x -= self.mean[j]));
        match &self.system {
            System::Components(system) => {
                self.forward.apply(Block::Dense(x)).map(|it| solved(system, it))
            }
            System::Columns(system) => self.forward.apply(Block::Dense(solved(system, x))),
        }
    }

    fn inverse_transform(&self, input: Block) -> Result<Dense, DataError> {
        let mut x = self.backward.apply(input)?;
        x.map_columns(|j, column| column.iter_mut().for_each(|x| *x += self.mean[j]));
        Ok(x)
    }
}

fn refuse_norms_of_a_block(state: &State<'_>) -> Result<(), ReadError> {
    let Some(it) = state.optional("normalize_components") else { return Ok(()) };
    let normalizes = it.value().as_bool() == Some(true) || Version::new(0, 22) <= state.version();
    match normalizes {
        true => Ok(()),
        false => Err(it.unsupported(
            "is False: each column is divided by its norm over all rows of a call, so that a row has \
             no answer of its own",
        )),
    }
}

/// What the components make; `None` if it is not positive definite.
fn system(components: &Matrix, alpha: f64) -> Option<System> {
    let (k, p) = (components.n_rows, components.n_cols);
    let factor = |matrix: &Matrix, n: usize| {
        let mut product = matrix.times_transposed(matrix);
        product.add_to_diagonal((0..n).map(|_| alpha));
        Cholesky::new(product.data, n)
    };
    if p < k {
        return factor(&components.transposed(), p).map(System::Columns);
    }
    factor(components, k).map(System::Components)
}

/// Each row replaced by the solution of the system.
fn solved(system: &Cholesky, mut x: Dense) -> Dense {
    let mut row = Vec::with_capacity(x.n_cols());
    for i in 0..x.n_rows() {
        x.copy_row(i, &mut row);
        system.solve_in_place(&mut row);
        row.iter().enumerate().for_each(|(j, value)| x.column_mut(j)[i] = *value);
    }
    x
}

impl Estimator for SparsePca {
    fn n_features_in(&self) -> usize {
        self.mean.len()
    }

    fn methods(&self) -> &[Method] {
        self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.transform(input).map(Output::dense),
            Method::InverseTransform if self.methods.contains(&method) => {
                self.inverse_transform(input).map(Output::dense)
            }
            _ => Err(unsupported("SparsePCA", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.forward.n_out())
    }
}
