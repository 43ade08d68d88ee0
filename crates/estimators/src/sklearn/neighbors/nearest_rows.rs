//! The training rows nearest to each row, and their weights.
//!
//! | attribute     | shape | meaning                                    | since |
//! |---------------|-------|--------------------------------------------|-------|
//! | `n_neighbors` | int   | how many                                   | any   |
//! | `weights`     | text  | `uniform`, or `distance`: 1 / distance     | any   |
//!
//! Where a row lies on training rows, weights by distance are 1 for these and 0 for the others. A function
//! as weights is refused. `training_rows.rs` says what else is read.
//!
//! Source of truth: `_get_weights` in `sklearn/neighbors/_base.py`.

use super::training_rows::TrainingRows;
use crate::{Block, DataError, Dense, Output, ReadError, State, Values};

#[derive(Debug)]
pub(super) struct NearestRows {
    rows: TrainingRows,
    n_neighbors: usize,
    weights: Weights,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weights {
    Uniform,
    ByDistance,
}

/// What was found for one row.
pub(super) struct Found<'a> {
    pub(super) indices: &'a [usize],
    /// One for each index.
    pub(super) weights: &'a [f64],
}

impl NearestRows {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let rows = TrainingRows::read(state)?;
        let n_neighbors = rows.n_neighbors(state, "n_neighbors")?;
        Ok(Self { rows, n_neighbors, weights: Weights::read(state)? })
    }

    pub(super) fn n_features_in(&self) -> usize {
        self.rows.n_features_in()
    }

    pub(super) fn n_neighbors(&self) -> usize {
        self.n_neighbors
    }

    pub(super) fn weights(&self) -> Weights {
        self.weights
    }

    /// Number of training rows.
    pub(super) fn n_rows(&self) -> usize {
        self.rows.n_rows()
    }

    /// Finds the nearest rows of each row, nearest first, and hands them to `visit`.
    pub(super) fn each_row(
        &self,
        input: Block,
        mut visit: impl FnMut(&Found<'_>),
    ) -> Result<(), DataError> {
        let mut weights = vec![1.0; self.n_neighbors];
        self.rows.each_nearest(input, self.n_neighbors, |distances, indices| {
            if self.weights == Weights::ByDistance {
                inverse(distances, &mut weights);
            }
            visit(&Found { indices, weights: &weights });
        })
    }

    /// `kneighbors`.
    pub(super) fn kneighbors(&self, input: Block) -> Result<Output, DataError> {
        kneighbors(&self.rows, self.n_neighbors, input)
    }
}

/// The distances and the numbers of the `k` nearest training rows.
pub(super) fn kneighbors(rows: &TrainingRows, k: usize, input: Block) -> Result<Output, DataError> {
    let n_rows = input.n_rows();
    let mut distances = vec![Vec::with_capacity(n_rows); k];
    let mut numbers = vec![Vec::with_capacity(n_rows); k];
    rows.each_nearest(input, k, |found, indices| {
        distances.iter_mut().zip(found).for_each(|(column, it)| column.push(*it));
        numbers.iter_mut().zip(indices).for_each(|(column, it)| column.push(*it as i64));
    })?;
    let distances = Output::dense(Dense::new(n_rows, distances)?);
    let numbers = Output::Columns(numbers.into_iter().map(Values::Int).collect());
    Ok(Output::Parts(vec![("distance", distances), ("index", numbers)]))
}

impl Weights {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let Some(weights) = state.optional("weights") else { return Ok(Self::Uniform) };
        match weights.value().as_str() {
            Some("uniform") => Ok(Self::Uniform),
            Some("distance") => Ok(Self::ByDistance),
            _ => Err(weights.unsupported("is neither 'uniform' nor 'distance'")),
        }
    }
}

/// The weights of rows at these distances; those at 0 alone count if there are any.
pub(super) fn weights_within(kind: Weights, distances: &[f64], weights: &mut Vec<f64>) {
    weights.clear();
    let at_zero = distances.contains(&0.0);
    weights.extend(distances.iter().map(|it| match kind {
        Weights::Uniform => 1.0,
        Weights::ByDistance if at_zero => f64::from(u8::from(*it == 0.0)),
        Weights::ByDistance => 1.0 / it,
    }));
}

fn inverse(distances: &[f64], weights: &mut [f64]) {
    weights.iter_mut().zip(distances).for_each(|(weight, it)| *weight = 1.0 / it);
    if weights.iter().any(|it| it.is_infinite()) {
        weights.iter_mut().for_each(|it| *it = f64::from(u8::from(it.is_infinite())));
    }
}
