//! The training rows nearest to each row, and their weights.
//!
//! | attribute                  | shape  | meaning                                            | since |
//! |----------------------------|--------|----------------------------------------------------|-------|
//! | `_fit_method`              | text   | `brute`, `kd_tree` or `ball_tree`                  | any   |
//! | `_fit_X`                   | (n, p) | training rows, for `brute`; dense or CSR           | any   |
//! | `_tree`                    | object | training rows and tree, see `search_tree.rs`       | any   |
//! | `effective_metric_`        | text   | which distance                                     | any   |
//! | `effective_metric_params_` | dict   | `p` of `minkowski`                                 | any   |
//! | `n_neighbors`              | int    | how many                                           | any   |
//! | `weights`                  | text   | `uniform`, or `distance`: 1 / distance             | any   |
//!
//! Where a row lies on training rows, weights by distance are 1 for these and 0 for the others.
//!
//! A tree is searched as Python does, so that of equally far rows the same are found; by brute force the
//! first ones are, as from 1.2 on in Python (but for the rounding of BLAS in euclidean distances). Until
//! 1.1, and for the cosine, numpy's partition chooses among equally far rows: such brute-force files are
//! refused, since their answers could differ. So are functions as metric or weights, weighted metrics
//! and other metrics.
//!
//! Source of truth: `KNeighborsMixin.kneighbors` and `_get_weights` in `sklearn/neighbors/_base.py`.

use kernels::neighbors::{BruteForce, Metric, Nearest, SpaceTree};
use object_graph::Value;

use super::search_tree::read_tree;
use crate::{Block, DataError, Nan, ReadError, State, Version};

#[derive(Debug)]
pub(super) struct NearestRows {
    n_features: usize,
    n_neighbors: usize,
    weights: Weights,
    search: Search,
}

#[derive(Debug)]
enum Search {
    Tree(SpaceTree),
    BruteForce(BruteForce),
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
        let metric = read_metric(state)?;
        let (search, n_features, n_rows) = match state.text("_fit_method")? {
            "brute" => read_brute_force(state, metric)?,
            "kd_tree" | "ball_tree" => {
                let (tree, n_features) = read_tree(&state.get("_tree")?, metric)?;
                let n_rows = tree.n_points();
                (Search::Tree(tree), n_features, n_rows)
            }
            it => {
                let text = format!("is {it:?}, expected brute, kd_tree or ball_tree");
                return Err(state.get("_fit_method")?.unsupported(text));
            }
        };
        state.n_features_in(n_features)?;
        let n_neighbors = state.count("n_neighbors")?;
        if n_neighbors == 0 || n_rows < n_neighbors {
            let text = format!("is {n_neighbors} of {n_rows} training rows");
            return Err(state.get("n_neighbors")?.invalid(text));
        }
        Ok(Self { n_features, n_neighbors, weights: read_weights(state)?, search })
    }

    pub(super) fn n_features_in(&self) -> usize {
        self.n_features
    }

    pub(super) fn n_neighbors(&self) -> usize {
        self.n_neighbors
    }

    pub(super) fn weights(&self) -> Weights {
        self.weights
    }

    /// Number of training rows.
    pub(super) fn n_rows(&self) -> usize {
        match &self.search {
            Search::Tree(it) => it.n_points(),
            Search::BruteForce(it) => it.n_points(),
        }
    }

    /// Finds the nearest rows of each row, nearest first, and hands them to `visit`.
    pub(super) fn each_row(
        &self,
        input: Block,
        mut visit: impl FnMut(&Found<'_>),
    ) -> Result<(), DataError> {
        if matches!((&input, &self.search), (Block::Sparse(_), Search::Tree(_))) {
            return Err(DataError::block("the rows are sparse, and the model's tree takes none"));
        }
        let x = input.into_dense(self.n_features)?;
        x.check_finite(Nan::Refused)?;
        let mut nearest = Nearest::new(self.n_neighbors);
        let (mut row, mut work) = (Vec::new(), Vec::new());
        let mut weights = vec![1.0; self.n_neighbors];
        for index in 0..x.n_rows() {
            x.copy_row(index, &mut row);
            match &self.search {
                Search::Tree(it) => it.find(&row, &mut nearest),
                Search::BruteForce(it) => it.find(&mut row, &mut work, &mut nearest),
            }
            if self.weights == Weights::ByDistance {
                inverse(nearest.distances(), &mut weights);
            }
            visit(&Found { indices: nearest.indices(), weights: &weights });
        }
        Ok(())
    }
}

fn inverse(distances: &[f64], weights: &mut [f64]) {
    weights.iter_mut().zip(distances).for_each(|(weight, it)| *weight = 1.0 / it);
    if weights.iter().any(|it| it.is_infinite()) {
        weights.iter_mut().for_each(|it| *it = f64::from(u8::from(it.is_infinite())));
    }
}

fn read_brute_force(
    state: &State<'_>,
    metric: Metric,
) -> Result<(Search, usize, usize), ReadError> {
    if state.version() < Version::new(1, 2) || metric == Metric::Cosine {
        return Err(state.unsupported(
            "searches by brute force as numpy's partition does (scikit-learn before 1.2, or the \
             cosine), which chooses among equally far rows in a way of its own; train it with \
             algorithm='kd_tree' or 'ball_tree', or under scikit-learn 1.2 or newer",
        ));
    }
    let stored = state.get("_fit_X")?;
    let rows = stored.as_dense_matrix()?;
    let (n_rows, n_features) = (rows.n_rows, rows.n_cols);
    state.charge(rows.data.len().saturating_mul(8))?;
    let search = BruteForce::new(n_features, rows.data, metric);
    let search = search.ok_or_else(|| stored.wrong("training rows"))?;
    Ok((Search::BruteForce(search), n_features, n_rows))
}

fn read_weights(state: &State<'_>) -> Result<Weights, ReadError> {
    let Some(weights) = state.optional("weights") else { return Ok(Weights::Uniform) };
    match weights.value().as_str() {
        Some("uniform") => Ok(Weights::Uniform),
        Some("distance") => Ok(Weights::ByDistance),
        _ => Err(weights.unsupported("is neither 'uniform' nor 'distance'")),
    }
}

fn read_metric(state: &State<'_>) -> Result<Metric, ReadError> {
    let stored = state.get("effective_metric_")?;
    let parameters = state.optional("effective_metric_params_");
    let parameter = |name: &str| {
        let it = parameters.as_ref()?.value().get(name).filter(|it| !it.is_none())?;
        Some(it)
    };
    if parameter("w").is_some() {
        return Err(stored.unsupported("has weights, which are not supported"));
    }
    match stored.value().as_str() {
        Some("euclidean" | "l2") => Ok(Metric::Euclidean),
        Some("sqeuclidean") => Ok(Metric::SquaredEuclidean),
        Some("manhattan" | "cityblock" | "l1") => Ok(Metric::Manhattan),
        Some("chebyshev" | "infinity") => Ok(Metric::Chebyshev),
        Some("cosine") => Ok(Metric::Cosine),
        Some("minkowski") => match parameter("p").and_then(Value::as_f64) {
            Some(1.0) => Ok(Metric::Manhattan),
            Some(2.0) => Ok(Metric::Euclidean),
            Some(p) if 1.0 < p && p.is_finite() => Ok(Metric::Minkowski(p)),
            _ => Err(stored.unsupported("is minkowski without a finite p of at least 1")),
        },
        Some(it) => Err(stored.unsupported(format!("is {it:?}, which is not supported"))),
        None => Err(stored.unsupported("is a function, which Pythia does not run")),
    }
}
