//! `Isomap`: rows placed so that their distances are those along the training rows.
//!
//! | attribute      | shape  | meaning                                                    | since |
//! |----------------|--------|------------------------------------------------------------|-------|
//! | `nbrs_`        | object | `NearestNeighbors` of the training rows                     | any   |
//! | `n_neighbors`  | int    | `None` if neighbours are those within `radius`: refused    | any   |
//! | `dist_matrix_` | (n, n) | shortest distances between training rows, along neighbours | any   |
//! | `kernel_pca_`  | object | `KernelPCA` of the kernel `-d² / 2`, see below              | any   |
//!
//! | attribute of `kernel_pca_`     | shape  | meaning                                       | since |
//! |--------------------------------|--------|-----------------------------------------------|-------|
//! | `_centerer`                    | object | `KernelCenterer`                              | any   |
//! | `eigenvectors_`, or `alphas_`  | (n, c) | directions; the second until 0.24             | 1.0   |
//! | `eigenvalues_`, or `lambdas_`  | (c,)   | what they are divided by the root of          | 1.0   |
//!
//! Output: the shortest distances `d` from each row to all training rows by way of its neighbours; the kernel
//! `-d² / 2` is centred and multiplied by the directions; shape (n, c). Products are added as BLAS does, see
//! `kernels::blas`.
//!
//! Source of truth: `Isomap.transform` in `sklearn/manifold/_isomap.py`, `KernelPCA.transform` in
//! `sklearn/decomposition/_kernel_pca.py`.

use kernels::blas::matrix_product;

use super::neighbor_lists::{NeighborLists, Neighbors};
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Matrix, Method, Output, Precision, ReadError,
    State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.manifold._isomap.Isomap",
        "sklearn.manifold.isomap.Isomap", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(Isomap::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct Isomap {
    neighbors: Neighbors,
    /// Between training rows, in both directions the same.
    distances: Matrix,
    centerer: Box<dyn Estimator>,
    /// A number for each training row, by component.
    directions: Matrix,
}

impl Isomap {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        if !state.has("n_neighbors") {
            let text = "is None: neighbours within a radius are not supported";
            return Err(state.get("n_neighbors")?.unsupported(text));
        }
        let stored = state.get("dist_matrix_")?;
        let distances = stored.as_matrix()?;
        if distances.n_rows != distances.n_cols || distances.n_rows == 0 {
            return Err(stored.wrong("as many rows as columns"));
        }
        let neighbors = Neighbors::read(&state.get("nbrs_")?, distances.n_rows)?;
        state.n_features_in(neighbors.n_features_in())?;
        let kernel_pca = state.get("kernel_pca_")?;
        let centerer = kernel_pca.estimator("_centerer")?;
        let directions = directions(&kernel_pca)?;
        let n_rows = distances.n_rows;
        if centerer.n_features_in() != n_rows || directions.n_cols != n_rows {
            let text = format!("is for another number of training rows than {n_rows}");
            return Err(kernel_pca.invalid(text));
        }
        Ok(Self { neighbors, distances, centerer, directions })
    }

    /// `-d² / 2` for each row and training row.
    fn kernel(&self, lists: &NeighborLists, n_rows: usize) -> Result<Dense, DataError> {
        let mut columns = vec![vec![f64::INFINITY; n_rows]; self.distances.n_cols];
        for (distances, indices) in lists.distances.iter().zip(&lists.indices) {
            for (row, (distance, &index)) in distances.iter().zip(indices).enumerate() {
                for (column, on) in columns.iter_mut().zip(self.distances.row(index)) {
                    column[row] = column[row].min(on + distance);
                }
            }
        }
        columns.iter_mut().flatten().for_each(|x| *x = *x * *x * -0.5);
        Dense::new(n_rows, columns)
    }
}

impl Estimator for Isomap {
    fn n_features_in(&self) -> usize {
        self.neighbors.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("Isomap", method));
        }
        if input.precision() == Precision::Single {
            return Err(DataError::block("the rows are float32, which Isomap does not support"));
        }
        let n_rows = input.n_rows();
        let lists = self.neighbors.find(input)?;
        let kernel = Block::Dense(self.kernel(&lists, n_rows)?);
        let centered = self.centerer.call(Method::Transform, kernel);
        let centered = centered.map_err(|it| it.in_column(|_| None))?.into_block()?;
        let centered = centered.into_dense(self.distances.n_rows)?;
        let columns = matrix_product(&centered.slices(), self.directions.rows(), n_rows);
        Dense::new(n_rows, columns).map(Output::dense)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.directions.n_rows)
    }
}

/// The eigenvectors over the roots of their eigenvalues, a row for each.
fn directions(kernel_pca: &State<'_>) -> Result<Matrix, ReadError> {
    let new = kernel_pca.has("eigenvectors_");
    let (vectors, values) =
        if new { ("eigenvectors_", "eigenvalues_") } else { ("alphas_", "lambdas_") };
    let vectors = kernel_pca.matrix(vectors)?;
    let values = kernel_pca.floats_len(values, vectors.n_cols)?;
    kernel_pca.charge(vectors.data.len().saturating_mul(8))?;
    // From 0.21 on an eigenvalue of 0 has a direction of zeros; before, Python divides by it.
    let skips_zeros = Version::new(0, 21) <= kernel_pca.version();
    let mut data = Vec::with_capacity(vectors.data.len());
    for (component, &value) in values.iter().enumerate() {
        let scaled = |x: f64| if value == 0.0 && skips_zeros { 0.0 } else { x / value.sqrt() };
        data.extend(vectors.rows().map(|it| scaled(it[component])));
    }
    Ok(Matrix { n_rows: vectors.n_cols, n_cols: vectors.n_rows, data })
}
