//! `NeighborhoodComponentsAnalysis`: a linear map in which rows of one class lie near one another.
//!
//! | attribute     | shape  | meaning | since |
//! |---------------|--------|---------|-------|
//! | `components_` | (k, p) | the map | 0.21  |
//!
//! Output: `X @ components_.T`, (n, k), in the order of additions of BLAS's product of matrices; with one
//! component, of a matrix and a vector. Python's answer for a single row, and for the last ones of a block,
//! differs from that in the last bits.
//!
//! Source of truth: `NeighborhoodComponentsAnalysis.transform` in `sklearn/neighbors/_nca.py`.

use kernels::blas::{Layout, Rest, matrix_product, matrix_vector};

use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{
    Block, ClassSpec, DataError, Dense, Dtype, Estimator, Matrix, Method, Nan, Output, ReadError,
    State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.neighbors._nca.NeighborhoodComponentsAnalysis",
        "sklearn.neighbors.nca.NeighborhoodComponentsAnalysis", // 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(Map::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct Map {
    components: Matrix,
    rest: Rest,
}

impl Map {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let stored = state.get("components_")?;
        let components = stored.as_matrix()?;
        if is_single(&stored) {
            return Err(stored.unsupported("is float32, which is not supported"));
        }
        if components.n_rows == 0 {
            return Err(stored.wrong("at least one component"));
        }
        state.n_features_in(components.n_cols)?;
        let rest = match state.version() {
            it if it < Version::new(1, 0) => Rest::Rounded,
            _ => Rest::Fused,
        };
        Ok(Self { components, rest })
    }
}

impl Estimator for Map {
    fn n_features_in(&self) -> usize {
        self.components.n_cols
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("NeighborhoodComponentsAnalysis", method));
        }
        if matches!(input, Block::Sparse(_)) {
            return Err(DataError::block("the rows are sparse, and the model takes none"));
        }
        let mut x = input.into_dense(self.components.n_cols)?;
        x.dtype = Dtype::Float64;
        x.check_finite(Nan::Refused)?;
        let (columns, n_rows) = (x.slices(), x.n_rows());
        let mapped = match self.components.n_rows {
            1 => {
                let layout = Layout::Rows(self.rest);
                vec![matrix_vector(&columns, self.components.row(0), n_rows, layout)]
            }
            _ => matrix_product(&columns, self.components.rows(), n_rows),
        };
        Dense::new(n_rows, mapped).map(Output::dense)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.components.n_rows)
    }
}
