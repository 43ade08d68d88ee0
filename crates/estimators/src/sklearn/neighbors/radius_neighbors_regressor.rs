//! `RadiusNeighborsRegressor`: the mean of the targets of all training rows within a distance.
//!
//! | attribute | shape          | meaning                                | since |
//! |-----------|----------------|----------------------------------------|-------|
//! | `radius`  | float          | the distance                           | any   |
//! | `weights` | text           | `uniform`, or `distance`: 1 / distance | any   |
//! | `_y`      | (n,) or (n, t) | targets of the training rows           | any   |
//!
//! `training_rows.rs` says what else is read. Output: `predict` (n,), or (n, t) for targets of two
//! dimensions; NaN for rows without neighbours, or, if the targets are whole numbers, what NaN becomes as
//! one: the least of all. Targets in `float32` are refused.
//!
//! Sums are numpy's: pairwise, but over several targets one after the other.
//!
//! Source of truth: `RadiusNeighborsRegressor.predict` in `sklearn/neighbors/_regression.py`.

use kernels::sum::pairwise_sum;
use object_graph::Scalar;

use super::k_neighbors_regressor::Targets;
use super::nearest_rows::{Weights, weights_within};
use super::training_rows::TrainingRows;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.neighbors._regression.RadiusNeighborsRegressor",
        "sklearn.neighbors.regression.RadiusNeighborsRegressor", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(RadiusNeighborsRegressor::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict];

#[derive(Debug)]
struct RadiusNeighborsRegressor {
    rows: TrainingRows,
    radius: f64,
    weights: Weights,
    targets: Targets,
    /// The answer for rows without neighbours.
    alone: f64,
}

impl RadiusNeighborsRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let rows = TrainingRows::read(state)?;
        let targets = Targets::read(state, rows.n_rows())?;
        let dtype = &state.array("_y")?.dtype;
        let alone = match (&dtype.scalar, dtype.itemsize) {
            (Scalar::Float, 8) => f64::NAN,
            (Scalar::Int, 8) => i64::MIN as f64,
            (Scalar::Int, 4) => f64::from(i32::MIN),
            _ => return Err(state.get("_y")?.unsupported("is neither float64, int64 nor int32")),
        };
        let (radius, weights) = (state.float("radius")?, Weights::read(state)?);
        Ok(Self { rows, radius, weights, targets, alone })
    }

    fn predict(&self, input: Block) -> Result<Vec<Vec<f64>>, DataError> {
        let targets = &self.targets.values;
        let mut columns = vec![Vec::with_capacity(input.n_rows()); targets.n_cols];
        let (mut weights, mut terms) = (Vec::new(), Vec::new());
        let sum = |terms: &[f64]| match targets.n_cols {
            1 => pairwise_sum(terms),
            _ => terms.iter().fold(0.0, |sum, x| sum + x),
        };
        self.rows.each_within(input, self.radius, |found| {
            if found.indices.is_empty() {
                return columns.iter_mut().for_each(|it| it.push(self.alone));
            }
            weights_within(self.weights, &found.distances, &mut weights);
            let total = pairwise_sum(&weights);
            for (target, column) in columns.iter_mut().enumerate() {
                terms.clear();
                let pairs = found.indices.iter().zip(&weights);
                terms.extend(pairs.map(|(&at, weight)| targets.row(at)[target] * weight));
                column.push(sum(&terms) / total);
            }
        })?;
        Ok(columns)
    }
}

impl Estimator for RadiusNeighborsRegressor {
    fn n_features_in(&self) -> usize {
        self.rows.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("RadiusNeighborsRegressor", method));
        }
        let n_rows = input.n_rows();
        self.targets.output(self.predict(input)?, n_rows)
    }
}
