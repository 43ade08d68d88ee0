//! The nearest training rows of each row, found by the `NearestNeighbors` inside another estimator.

use crate::{Block, DataError, Estimator, Method, Output, ReadError, State, Values};

/// A fitted `NearestNeighbors`.
#[derive(Debug)]
pub(crate) struct Neighbors {
    estimator: Box<dyn Estimator>,
    n_neighbors: usize,
    /// Training rows of the estimator around it.
    n_rows: usize,
}

/// A column per neighbour, nearest first.
pub(crate) struct NeighborLists {
    pub(crate) distances: Vec<Vec<f64>>,
    /// Numbers of training rows, each below their number.
    pub(crate) indices: Vec<Vec<usize>>,
}

impl Neighbors {
    /// Reads it; `n_rows` is the number of training rows that the caller has something for.
    pub(crate) fn read(state: &State<'_>, n_rows: usize) -> Result<Self, ReadError> {
        let estimator = state.as_estimator()?;
        if !estimator.methods().contains(&Method::KNeighbors) {
            return Err(state.wrong("a NearestNeighbors"));
        }
        Ok(Self { estimator, n_neighbors: state.count("n_neighbors")?, n_rows })
    }

    pub(crate) fn n_features_in(&self) -> usize {
        self.estimator.n_features_in()
    }

    pub(crate) fn n_neighbors(&self) -> usize {
        self.n_neighbors
    }

    pub(crate) fn find(&self, input: Block) -> Result<NeighborLists, DataError> {
        let unexpected = || DataError::block("the model's NearestNeighbors does not fit the model");
        let Output::Parts(parts) = self.estimator.call(Method::KNeighbors, input)? else {
            return Err(unexpected());
        };
        let mut parts = parts.into_iter().map(|(_, it)| it);
        let (Some(Output::Block(distances)), Some(Output::Columns(indices))) =
            (parts.next(), parts.next())
        else {
            return Err(unexpected());
        };
        let distances = distances.into_dense(self.n_neighbors)?;
        let index = |it: i64| usize::try_from(it).ok().filter(|it| *it < self.n_rows);
        let column = |it: Values| match it {
            Values::Int(it) => it.into_iter().map(index).collect::<Option<Vec<usize>>>(),
            _ => None,
        };
        let indices: Option<Vec<Vec<usize>>> = indices.into_iter().map(column).collect();
        let indices = indices.filter(|it| it.len() == self.n_neighbors).ok_or_else(unexpected)?;
        Ok(NeighborLists {
            distances: distances.columns().iter().map(|it| it.to_vec()).collect(),
            indices,
        })
    }
}
