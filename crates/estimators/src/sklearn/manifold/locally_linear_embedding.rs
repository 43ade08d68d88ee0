//! `LocallyLinearEmbedding`: a row placed among its neighbours' places as it lies among them.
//!
//! | attribute      | shape  | meaning                                               | since |
//! |----------------|--------|-------------------------------------------------------|-------|
//! | `nbrs_`        | object | `NearestNeighbors`; its `_fit_X` (n, p) are the training rows | any |
//! | `embedding_`   | (n, c) | the training rows' places                             | any   |
//! | `n_neighbors`  | int    | how many                                              | any   |
//! | `reg`          | float  | added to the equations, times their trace             | any   |
//!
//! Output: (n, c). The weights of a row's neighbours solve `C Cᵀ w = 1`, `C` being the neighbours less the
//! row; they are divided by their sum. Python solves by LAPACK's Cholesky decomposition, whose order
//! of additions changed with OpenBLAS's version.
//!
//! Source of truth: `LocallyLinearEmbedding.transform` and `barycenter_weights` in
//! `sklearn/manifold/_locally_linear.py`.

use kernels::factorizations::Cholesky;
use kernels::sum::pairwise_sum;

use super::neighbor_lists::Neighbors;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Matrix, Method, Nan, Output, Precision,
    ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.manifold._locally_linear.LocallyLinearEmbedding",
        "sklearn.manifold.locally_linear.LocallyLinearEmbedding", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(LocallyLinearEmbedding::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct LocallyLinearEmbedding {
    neighbors: Neighbors,
    training_rows: Matrix,
    places: Matrix,
    regularization: f64,
}

impl LocallyLinearEmbedding {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let places = state.matrix("embedding_")?;
        let search = state.get("nbrs_")?;
        let neighbors = Neighbors::read(&search, places.n_rows)?;
        if state.count("n_neighbors")? != neighbors.n_neighbors() {
            let text = "is not that of nbrs_: set after training, which is not supported";
            return Err(state.get("n_neighbors")?.unsupported(text));
        }
        let n_features = state.n_features_in(neighbors.n_features_in())?;
        let training_rows = search.matrix_of("_fit_X", places.n_rows, n_features)?;
        Ok(Self { neighbors, training_rows, places, regularization: state.float("reg")? })
    }

    fn transform(&self, x: &Dense) -> Result<Dense, DataError> {
        let lists = self.neighbors.find(Block::Dense(x.clone()))?;
        let mut columns = vec![Vec::with_capacity(x.n_rows()); self.places.n_cols];
        let mut point = Vec::new();
        for row in 0..x.n_rows() {
            x.copy_row(row, &mut point);
            let indices: Vec<usize> = lists.indices.iter().map(|it| it[row]).collect();
            let weights = self.weights(&point, &indices).ok_or_else(|| DataError {
                row: Some(row),
                column: None,
                text: "its neighbours' equations have no solution (a singular matrix)".to_owned(),
            })?;
            for (j, column) in columns.iter_mut().enumerate() {
                let terms = indices.iter().zip(&weights);
                let place = |index: usize| self.places.row(index)[j];
                column.push(terms.fold(0.0, |sum, (&index, weight)| sum + place(index) * weight));
            }
        }
        Dense::new(x.n_rows(), columns)
    }

    /// The weights of the training rows at `indices`, whose sum is 1.
    fn weights(&self, point: &[f64], indices: &[usize]) -> Option<Vec<f64>> {
        let differences: Vec<Vec<f64>> = indices
            .iter()
            .map(|&it| self.training_rows.row(it).iter().zip(point).map(|(y, x)| y - x).collect())
            .collect();
        let product = |a: &Vec<f64>, b: &Vec<f64>| {
            a.iter().zip(b).fold(0.0, |sum: f64, (a, b)| a.mul_add(*b, sum))
        };
        let products = differences.iter().flat_map(|a| differences.iter().map(|b| product(a, b)));
        let mut equations: Vec<f64> = products.collect();
        let n = indices.len();
        let diagonal: Vec<f64> = equations.iter().step_by(n + 1).copied().collect();
        let trace = pairwise_sum(&diagonal);
        let added = if 0.0 < trace { self.regularization * trace } else { self.regularization };
        equations.iter_mut().step_by(n + 1).for_each(|it| *it += added);
        let mut weights = vec![1.0; n];
        Cholesky::new(equations, n)?.solve_in_place(&mut weights);
        let sum = pairwise_sum(&weights);
        weights.iter_mut().for_each(|it| *it /= sum);
        Some(weights)
    }
}

impl Estimator for LocallyLinearEmbedding {
    fn n_features_in(&self) -> usize {
        self.training_rows.n_cols
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("LocallyLinearEmbedding", method));
        }
        if matches!(input, Block::Sparse(_)) || input.precision() == Precision::Single {
            let text =
                "the rows are sparse or float32, which LocallyLinearEmbedding does not support";
            return Err(DataError::block(text));
        }
        let x = input.into_dense(self.training_rows.n_cols)?;
        x.check_finite(Nan::Refused)?;
        self.transform(&x).map(Output::dense)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.places.n_cols)
    }
}
