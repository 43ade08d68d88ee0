//! `KNeighborsTransformer` and `RadiusNeighborsTransformer`: a graph from rows to training rows.
//!
//! | attribute     | shape | meaning                                                                | since |
//! |---------------|-------|------------------------------------------------------------------------|-------|
//! | `mode`        | text  | `distance`, or `connectivity`: 1 for each edge                          | 0.22  |
//! | `n_neighbors` | int   | how many training rows; one more in mode `distance`                    | 0.22  |
//! | `radius`      | float | up to which distance                                                   | 0.22  |
//!
//! `training_rows.rs` says what else is read. Output: sparse rows with a column per training row.
//!
//! Source of truth: `sklearn/neighbors/_graph.py`.

use super::nearest_rows::kneighbors;
use super::training_rows::TrainingRows;
use crate::{
    Block, ClassSpec, Csr, DataError, Estimator, Method, Output, ReadError, State, unsupported,
};

pub(super) const K_NEIGHBORS: ClassSpec = ClassSpec {
    paths: &["sklearn.neighbors._graph.KNeighborsTransformer"],
    methods: &[Method::Transform, Method::KNeighbors],
    read: |state| {
        let rows = TrainingRows::read(state)?;
        let near = Near::Few(rows.n_neighbors(state, "n_neighbors")?);
        Ok(Box::new(NeighborsTransformer::read(state, rows, near)?))
    },
};

pub(super) const RADIUS_NEIGHBORS: ClassSpec = ClassSpec {
    paths: &["sklearn.neighbors._graph.RadiusNeighborsTransformer"],
    methods: &[Method::Transform],
    read: |state| {
        let near = Near::Within(state.float("radius")?);
        Ok(Box::new(NeighborsTransformer::read(state, TrainingRows::read(state)?, near)?))
    },
};

#[derive(Debug)]
struct NeighborsTransformer {
    rows: TrainingRows,
    near: Near,
    mode: Mode,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Near {
    Few(usize),
    Within(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Distance,
    Connectivity,
}

impl NeighborsTransformer {
    fn read(state: &State<'_>, rows: TrainingRows, near: Near) -> Result<Self, ReadError> {
        let mode = match state.text("mode")? {
            "distance" => Mode::Distance,
            "connectivity" => Mode::Connectivity,
            it => return Err(state.get("mode")?.unsupported(format!("is {it:?}"))),
        };
        if mode == Mode::Distance && near == Near::Few(rows.n_rows()) {
            let text = "leaves no training row over for the one that `distance` adds";
            return Err(state.get("n_neighbors")?.invalid(text));
        }
        Ok(Self { rows, near, mode })
    }

    fn transform(&self, input: Block) -> Result<Csr, DataError> {
        let mut graph = Csr::new(self.rows.n_rows());
        let mut push = |distances: &[f64], indices: &[usize]| {
            for (distance, &index) in distances.iter().zip(indices) {
                graph.push(index, if self.mode == Mode::Distance { *distance } else { 1.0 });
            }
            graph.end_row();
        };
        match self.near {
            Near::Few(k) => {
                let k = k + usize::from(self.mode == Mode::Distance);
                self.rows.each_nearest(input, k, push)?;
            }
            Near::Within(radius) => {
                let push = |it: &kernels::neighbors::Within| push(&it.distances, &it.indices);
                self.rows.each_within(input, radius, push)?;
            }
        }
        Ok(graph)
    }
}

impl Estimator for NeighborsTransformer {
    fn n_features_in(&self) -> usize {
        self.rows.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        match self.near {
            Near::Few(_) => K_NEIGHBORS.methods,
            Near::Within(_) => RADIUS_NEIGHBORS.methods,
        }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match (method, self.near) {
            (Method::Transform, _) => self.transform(input).map(Block::Sparse).map(Output::Block),
            (Method::KNeighbors, Near::Few(k)) => kneighbors(&self.rows, k, input),
            (_, Near::Few(_)) => Err(unsupported("KNeighborsTransformer", method)),
            (_, Near::Within(_)) => Err(unsupported("RadiusNeighborsTransformer", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.rows.n_rows())
    }
}
