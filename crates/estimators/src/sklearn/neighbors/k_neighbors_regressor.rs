//! `KNeighborsRegressor`: the mean of the nearest training rows' targets.
//!
//! | attribute | shape          | meaning                       | since |
//! |-----------|----------------|-------------------------------|-------|
//! | `_y`      | (n,) or (n, t) | targets of the training rows  | any   |
//!
//! `nearest_rows.rs` says what else is read. Output: `predict` (n,), or (n, t) for targets of two
//! dimensions. Targets in `float32` are refused.
//!
//! Sums are numpy's: pairwise, but over several targets with equal weights one after the other.
//!
//! Source of truth: `KNeighborsRegressor.predict` in `sklearn/neighbors/_regression.py`.

use kernels::sum::pairwise_sum;

use super::nearest_rows::{NearestRows, Weights};
use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Matrix, Method, Output, ReadError, State,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.neighbors._regression.KNeighborsRegressor",
        "sklearn.neighbors.regression.KNeighborsRegressor", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(KNeighborsRegressor::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::KNeighbors];

#[derive(Debug)]
struct KNeighborsRegressor {
    rows: NearestRows,
    targets: Targets,
}

/// The targets of the training rows.
#[derive(Debug)]
pub(super) struct Targets {
    pub(super) values: Matrix,
    shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Vector,
    Matrix,
}

impl KNeighborsRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let rows = NearestRows::read(state)?;
        let targets = Targets::read(state, rows.n_rows())?;
        Ok(Self { rows, targets })
    }

    fn predict(&self, input: Block) -> Result<Vec<Vec<f64>>, DataError> {
        let n_targets = self.targets.values.n_cols;
        let mut columns = vec![Vec::with_capacity(input.n_rows()); n_targets];
        let mut terms = vec![0.0; self.rows.n_neighbors()];
        self.rows.each_row(input, |found| {
            let total = match self.rows.weights() {
                Weights::Uniform => found.indices.len() as f64,
                Weights::ByDistance => pairwise_sum(found.weights),
            };
            for (target, column) in columns.iter_mut().enumerate() {
                let pairs = found.indices.iter().zip(found.weights);
                for (term, (&index, weight)) in terms.iter_mut().zip(pairs) {
                    *term = self.targets.values.row(index)[target] * weight;
                }
                let one_by_one = self.rows.weights() == Weights::Uniform && n_targets != 1;
                let sum = match one_by_one {
                    true => terms.iter().fold(0.0, |sum, x| sum + x),
                    false => pairwise_sum(&terms),
                };
                column.push(sum / total);
            }
        })?;
        Ok(columns)
    }
}

impl Targets {
    pub(super) fn read(state: &State<'_>, n_rows: usize) -> Result<Self, ReadError> {
        let stored = state.get("_y")?;
        if is_single(&stored) {
            return Err(stored.unsupported("is float32, which is not supported"));
        }
        let (shape, n_targets) = match *state.array("_y")?.shape {
            [_] => (Shape::Vector, 1),
            [_, n_targets] => (Shape::Matrix, n_targets),
            _ => return Err(stored.wrong("targets of one or two dimensions")),
        };
        let len = n_rows.saturating_mul(n_targets);
        let values = Matrix { n_rows, n_cols: n_targets, data: state.floats_len("_y", len)? };
        if n_targets == 0 {
            return Err(stored.wrong("at least one target"));
        }
        Ok(Self { values, shape })
    }

    /// A column per target as Python gives them.
    pub(super) fn output(
        &self,
        mut columns: Vec<Vec<f64>>,
        n_rows: usize,
    ) -> Result<Output, DataError> {
        match (self.shape, columns.pop()) {
            (Shape::Vector, Some(only)) => Ok(Output::floats(only)),
            (_, last) => {
                Dense::new(n_rows, columns.into_iter().chain(last).collect()).map(Output::dense)
            }
        }
    }
}

impl Estimator for KNeighborsRegressor {
    fn n_features_in(&self) -> usize {
        self.rows.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Predict => {}
            Method::KNeighbors => return self.rows.kneighbors(input),
            _ => return Err(unsupported("KNeighborsRegressor", method)),
        }
        let n_rows = input.n_rows();
        self.targets.output(self.predict(input)?, n_rows)
    }
}
