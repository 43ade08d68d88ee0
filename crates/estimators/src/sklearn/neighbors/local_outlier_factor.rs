//! `LocalOutlierFactor`: how much sparser a row lies than its neighbours.
//!
//! | attribute           | shape  | meaning                                                        | since |
//! |---------------------|--------|----------------------------------------------------------------|-------|
//! | `n_neighbors_`      | int    | how many training rows are looked at                           | any   |
//! | `_distances_fit_X_` | (n, k) | the training rows' distances from their neighbours             | any   |
//! | `_lrd`              | (n,)   | how dense it is around the training rows                       | any   |
//! | `offset_`           | float  | the score below which a row is an outlier                      | 0.20  |
//! | `novelty`           | bool   | whether it judges new rows; if not, `kneighbors` is all it does | 0.20 |
//!
//! `training_rows.rs` says what else is read, and `n_neighbors` for `kneighbors`. Output: `score_samples`
//! (n,), `decision_function` the same less `offset_`, `predict` 1, or -1 for outliers.
//!
//! Source of truth: `sklearn/neighbors/_lof.py`.

use kernels::sum::pairwise_sum;

use super::nearest_rows::kneighbors;
use super::training_rows::TrainingRows;
use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, Precision, ReadError, State, Values,
    Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.neighbors._lof.LocalOutlierFactor",
        "sklearn.neighbors.lof.LocalOutlierFactor", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(LocalOutlierFactor::read(state)?)),
};

const METHODS: &[Method] =
    &[Method::Predict, Method::DecisionFunction, Method::ScoreSamples, Method::KNeighbors];

#[derive(Debug)]
struct LocalOutlierFactor {
    rows: TrainingRows,
    /// For `kneighbors`.
    n_neighbors: usize,
    n_looked_at: usize,
    /// Of the training rows, from the last neighbour looked at.
    distances: Vec<f64>,
    densities: Vec<f64>,
    offset: f64,
    rounds_distances: bool,
    methods: &'static [Method],
}

impl LocalOutlierFactor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let rows = TrainingRows::read(state)?;
        let n_looked_at = rows.n_neighbors(state, "n_neighbors_")?;
        let stored = state.get("_distances_fit_X_")?;
        if is_single(&stored) {
            return Err(stored.unsupported("is float32, which is not supported"));
        }
        let distances = stored.as_matrix()?;
        if distances.n_rows != rows.n_rows() || distances.n_cols < n_looked_at {
            return Err(stored.wrong("the distances of all training rows from their neighbours"));
        }
        let densities = state.floats_len("_lrd", rows.n_rows())?;
        let n_neighbors = state.count("n_neighbors")?;
        // Python refuses to find more neighbours than there are rows.
        let finds = (1..=rows.n_rows()).contains(&n_neighbors);
        let methods = match (state.flag("novelty")?, finds) {
            (true, true) => METHODS,
            (true, false) => &METHODS[..3],
            (false, true) => &METHODS[3..],
            (false, false) => {
                return Err(state.get("novelty")?.unsupported("is False: it judges no new rows"));
            }
        };
        Ok(Self {
            n_neighbors,
            n_looked_at,
            distances: distances.rows().map(|it| it[n_looked_at - 1]).collect(),
            densities,
            offset: state.float("offset_")?,
            rounds_distances: Version::new(1, 2) <= state.version(),
            methods,
            rows,
        })
    }

    fn scores(&self, input: Block) -> Result<Vec<f64>, DataError> {
        let count = self.n_looked_at as f64;
        let rounds = self.rounds_distances && input.precision() == Precision::Single;
        let mut scores = Vec::with_capacity(input.n_rows());
        let mut terms = Vec::with_capacity(self.n_looked_at);
        self.rows.each_nearest(input, self.n_looked_at, |distances, indices| {
            let pairs = distances.iter().zip(indices);
            terms.clear();
            terms.extend(pairs.map(|(distance, &at)| {
                let distance = if rounds { f64::from(*distance as f32) } else { *distance };
                distance.max(self.distances[at])
            }));
            let density = 1.0 / (pairwise_sum(&terms) / count + 1e-10);
            terms.clear();
            terms.extend(indices.iter().map(|&at| self.densities[at] / density));
            scores.push(-(pairwise_sum(&terms) / count));
        })?;
        Ok(scores)
    }
}

impl Estimator for LocalOutlierFactor {
    fn n_features_in(&self) -> usize {
        self.rows.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("LocalOutlierFactor", method));
        }
        if method == Method::KNeighbors {
            return kneighbors(&self.rows, self.n_neighbors, input);
        }
        let mut scores = self.scores(input)?;
        if method == Method::ScoreSamples {
            return Ok(Output::floats(scores));
        }
        scores.iter_mut().for_each(|it| *it -= self.offset);
        if method == Method::DecisionFunction {
            return Ok(Output::floats(scores));
        }
        let signs = scores.iter().map(|it| if *it < 0.0 { -1 } else { 1 });
        Ok(Output::Vector(Values::Int(signs.collect())))
    }
}
