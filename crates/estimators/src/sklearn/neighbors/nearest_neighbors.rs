//! `NearestNeighbors`: the training rows nearest to a row.
//!
//! `training_rows.rs` says what is read, and `n_neighbors`. Output: `kneighbors` gives the distances of
//! the nearest training rows and their numbers, each (n, `n_neighbors`), nearest first.
//!
//! Source of truth: `NearestNeighbors` in `sklearn/neighbors/_unsupervised.py`.

use super::nearest_rows::kneighbors;
use super::training_rows::TrainingRows;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.neighbors._unsupervised.NearestNeighbors",
        "sklearn.neighbors.unsupervised.NearestNeighbors", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(NearestNeighbors::read(state)?)),
};

const METHODS: &[Method] = &[Method::KNeighbors];

#[derive(Debug)]
struct NearestNeighbors {
    rows: TrainingRows,
    n_neighbors: usize,
}

impl NearestNeighbors {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let rows = TrainingRows::read(state)?;
        let n_neighbors = rows.n_neighbors(state, "n_neighbors")?;
        Ok(Self { rows, n_neighbors })
    }
}

impl Estimator for NearestNeighbors {
    fn n_features_in(&self) -> usize {
        self.rows.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::KNeighbors => kneighbors(&self.rows, self.n_neighbors, input),
            _ => Err(unsupported("NearestNeighbors", method)),
        }
    }
}
