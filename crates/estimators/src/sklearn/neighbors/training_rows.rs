//! Training rows, and the search for those near to a row.
//!
//! | attribute           | shape  | meaning                                                            | since |
//! |---------------------|--------|--------------------------------------------------------------------|-------|
//! | `_fit_method`       | text   | `brute`, `kd_tree` or `ball_tree`                                  | any   |
//! | `_fit_X`            | (n, p) | training rows, for `brute`; dense or CSR                           | any   |
//! | `_tree`             | object | training rows and tree, see `search_tree.rs`                       | any   |
//! | `effective_metric_` | text   | which distance, for `brute`, see `metric.rs`                       | any   |
//!
//! Which of equally far rows are found, and in which order, is as in Python for a single row and with one
//! thread: for several rows, scikit-learn's own code finds them in another order, and with more threads
//! others. A tree is searched as there. By brute force scikit-learn's own code takes the first since 1.1, if training rows and rows are
//! both `float64` or, since 1.2, both `float32`; before, and for metrics that scipy alone knows, numpy's
//! partition chooses; so it does for euclidean distances of sparse rows, but for 1.2 and 1.3, and for those
//! of a sparse and a dense block until 1.2 (`partitioning.rs`). Sparse rows are looked at by brute force.
//!
//! Until 0.24 scipy adds the terms of `manhattan` and `sqeuclidean` in lanes, as the rows lie in memory:
//! here they are added one after the other.
//!
//! Inner products are BLAS's, see `kernels::neighbors`: Python's answer for a single row, and for the last
//! of an odd number of rows, differs from that for others in the last bits.
//!
//! Source of truth: `KNeighborsMixin.kneighbors` and `RadiusNeighborsMixin.radius_neighbors` in
//! `sklearn/neighbors/_base.py`.

use kernels::einsum::Order;
use kernels::neighbors::{
    BruteForce, Chooser, Held, Metric, Nearest, Query, Room, Sorting, SpaceTree, Within,
};
use kernels::partitioning::{Partitioning, Sorted};
use object_graph::Kind;

use super::metric::{BruteMetric, read_brute_metric};
use super::search_tree::read_tree;
use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::sklearn::partitioning::partitioning;
use crate::{Block, DataError, Dense, Matrix, Nan, Precision, ReadError, State, Version};

#[derive(Debug)]
pub(super) struct TrainingRows {
    n_features: usize,
    n_rows: usize,
    search: Search,
    sorting: Sorting,
}

#[derive(Debug)]
enum Search {
    Tree(SpaceTree),
    BruteForce(Box<Brute>),
    /// The rows are distances from the training rows.
    Precomputed(Partitioning),
}

/// Rows to be looked at one by one.
#[derive(Debug)]
pub(super) struct Brute {
    points: BruteForce,
    held: Held,
    precision: Precision,
    metric: Metric,
    /// Whether scikit-learn's own code knows the metric.
    is_own: bool,
    version: Version,
    partitioning: Partitioning,
}

/// What [`Brute`] is made of.
pub(super) struct Parts {
    pub(super) rows: Matrix,
    pub(super) held: Held,
    pub(super) precision: Precision,
    pub(super) metric: Metric,
    pub(super) is_own: bool,
    pub(super) version: Version,
    pub(super) partitioning: Partitioning,
}

impl Parts {
    pub(super) fn dense(rows: Matrix) -> Self {
        Self {
            rows,
            held: Held::Dense,
            precision: Precision::Double,
            metric: Metric::Euclidean,
            is_own: true,
            version: Version::new(1, 9),
            partitioning: Partitioning::InVectors(Sorted::Kept),
        }
    }
}

impl TrainingRows {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let (search, n_features, n_rows) = match state.text("_fit_method")? {
            "brute" => read_brute_force(state)?,
            "kd_tree" | "ball_tree" => {
                let read = read_tree(&state.get("_tree")?)?;
                let n_rows = read.tree.n_points();
                (Search::Tree(read.tree), read.n_features, n_rows)
            }
            it => {
                let text = format!("is {it:?}, expected brute, kd_tree or ball_tree");
                return Err(state.get("_fit_method")?.unsupported(text));
            }
        };
        state.n_features_in(n_features)?;
        let sorting = match state.version() {
            it if it < Version::new(1, 9) => Sorting::Quick,
            _ => Sorting::Intro,
        };
        Ok(Self { n_features, n_rows, search, sorting })
    }

    pub(super) fn n_features_in(&self) -> usize {
        self.n_features
    }

    /// Number of training rows.
    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Whether scikit-learn's own code finds `float64` rows, and not by inner products.
    pub(super) fn is_by_own_code(&self) -> bool {
        match &self.search {
            Search::BruteForce(it) => {
                let euclidean = matches!(it.metric, Metric::Euclidean | Metric::SquaredEuclidean);
                it.is_own && !euclidean && it.precision == Precision::Double
            }
            _ => false,
        }
    }

    /// `n_neighbors`, which must not exceed the number of training rows.
    pub(super) fn n_neighbors(&self, state: &State<'_>, name: &str) -> Result<usize, ReadError> {
        let n_neighbors = state.count(name)?;
        if n_neighbors == 0 || self.n_rows < n_neighbors {
            let text = format!("is {n_neighbors} of {} training rows", self.n_rows);
            return Err(state.get(name)?.invalid(text));
        }
        Ok(n_neighbors)
    }

    /// Finds the `k` nearest rows of each row, nearest first, and hands their distances and numbers to
    /// `visit`.
    pub(super) fn each_nearest(
        &self,
        input: Block,
        k: usize,
        mut visit: impl FnMut(&[f64], &[usize]),
    ) -> Result<(), DataError> {
        let (x, held) = self.rows(input)?;
        let mut nearest = Nearest::new(k);
        let (mut row, mut room) = (Vec::new(), Room::default());
        for index in 0..x.n_rows() {
            x.copy_row(index, &mut row);
            match &self.search {
                Search::Tree(it) => it.find(&row, self.sorting, &mut nearest),
                Search::BruteForce(it) => {
                    let chooser = it.chooser(held, x.precision(), self.sorting);
                    let query = Query { row: &row, held, chooser };
                    it.points.find(query, &mut room, &mut nearest);
                }
                Search::Precomputed(by) => {
                    let indices = by.smallest(&row, k);
                    let distances: Vec<f64> = indices.iter().map(|&it| row[it]).collect();
                    visit(&distances, &indices);
                    continue;
                }
            }
            visit(nearest.distances(), nearest.indices());
        }
        Ok(())
    }

    /// Finds the rows not farther than `radius` from each row, in the order in which Python finds them,
    /// and hands their distances and numbers to `visit`.
    pub(super) fn each_within(
        &self,
        input: Block,
        radius: f64,
        mut visit: impl FnMut(&Within),
    ) -> Result<(), DataError> {
        let (x, held) = self.rows(input)?;
        let mut within = Within::default();
        let (mut row, mut room) = (Vec::new(), Room::default());
        for index in 0..x.n_rows() {
            x.copy_row(index, &mut row);
            match &self.search {
                Search::Tree(it) => it.find_within(&row, radius, &mut within),
                Search::BruteForce(it) => {
                    let chooser = it.chooser(held, x.precision(), self.sorting);
                    let query = Query { row: &row, held, chooser };
                    it.points.find_within(query, radius, &mut room, &mut within);
                }
                Search::Precomputed(_) => {
                    within.clear();
                    let near = row.iter().enumerate().filter(|(_, it)| **it <= radius);
                    (within.indices, within.distances) = near.unzip();
                }
            }
            visit(&within);
        }
        Ok(())
    }

    fn rows(&self, input: Block) -> Result<(Dense, Held), DataError> {
        let held = match &input {
            Block::Sparse(_) => Held::Sparse,
            _ => Held::Dense,
        };
        if held == Held::Sparse && !matches!(self.search, Search::BruteForce(_)) {
            let text = "the rows are sparse, and the model takes none: it has a tree, or distances";
            return Err(DataError::block(text));
        }
        let x = input.into_dense(self.n_features)?;
        x.check_finite(Nan::Refused)?;
        if matches!(self.search, Search::Precomputed(_)) {
            refuse_negative(&x)?;
        }
        Ok((x, held))
    }
}

fn refuse_negative(x: &Dense) -> Result<(), DataError> {
    for (index, column) in x.columns().iter().enumerate() {
        if let Some(row) = column.iter().position(|it| *it < 0.0) {
            return Err(DataError::cell(row, index, "the distance is negative"));
        }
    }
    Ok(())
}

impl Brute {
    /// `None` if the metric does not fit the rows.
    pub(super) fn new(parts: Parts) -> Option<Self> {
        let Parts { rows, held, precision, metric, is_own, version, partitioning } = parts;
        let einsum = match version {
            it if it < Version::new(1, 0) => Order::OldRows,
            _ => Order::Rows,
        };
        let points = BruteForce::new(rows.n_cols, rows.data, metric.clone(), is_own, held, einsum)?;
        Some(Self { points, held, precision, metric, is_own, version, partitioning })
    }

    /// Hands the distances of each row from all training rows to `visit`; reduced ones, unless
    /// `finished`.
    pub(super) fn each_distances(
        &self,
        input: Block,
        n_features: usize,
        finished: bool,
        mut visit: impl FnMut(&[f64]),
    ) -> Result<(), DataError> {
        let held = match &input {
            Block::Sparse(_) => Held::Sparse,
            _ => Held::Dense,
        };
        let x = input.into_dense(n_features)?;
        x.check_finite(Nan::Refused)?;
        let (mut row, mut room) = (Vec::new(), Room::default());
        for index in 0..x.n_rows() {
            x.copy_row(index, &mut row);
            let chooser = self.chooser(held, x.precision(), Sorting::Quick);
            visit(self.points.distances(Query { row: &row, held, chooser }, finished, &mut room));
        }
        Ok(())
    }

    /// `is_usable_for` in `sklearn/metrics/_pairwise_distances_reduction/_dispatcher.py`.
    fn chooser(&self, held: Held, precision: Precision, sorting: Sorting) -> Chooser {
        let sparse = [self.held, held].iter().filter(|it| **it == Held::Sparse).count();
        let euclidean = matches!(self.metric, Metric::Euclidean | Metric::SquaredEuclidean);
        let by_layout = match sparse {
            0 => true,
            1 if euclidean => Version::new(1, 3) <= self.version,
            2 if euclidean => (Version::new(1, 2)..Version::new(1, 4)).contains(&self.version),
            _ => Version::new(1, 2) <= self.version,
        };
        let by_precision = precision == self.precision
            && (precision == Precision::Double || Version::new(1, 2) <= self.version);
        let by_version = Version::new(1, 1) <= self.version;
        match self.is_own && by_layout && by_precision && by_version {
            true => Chooser::Heap(sorting),
            false => Chooser::Partition(self.partitioning),
        }
    }
}

fn read_brute_force(state: &State<'_>) -> Result<(Search, usize, usize), ReadError> {
    let stored = state.get("_fit_X")?;
    let (metric, is_own) = match read_brute_metric(state, "effective_metric_")? {
        BruteMetric::Own(it) => (it, true),
        BruteMetric::Numpy(it) => (it, false),
        BruteMetric::Precomputed => return read_precomputed(state),
    };
    let rows = stored.as_dense_matrix()?;
    state.charge(rows.data.len().saturating_mul(16))?;
    let (n_rows, n_features) = (rows.n_rows, rows.n_cols);
    let is_sparse = matches!(stored.value().kind(), Kind::Sparse(_));
    let held = if is_sparse { Held::Sparse } else { Held::Dense };
    let precision = if is_single(&stored) { Precision::Single } else { Precision::Double };
    let (version, partitioning) = (state.version(), partitioning(state));
    let parts = Parts { rows, held, precision, metric, is_own, version, partitioning };
    let brute = Brute::new(parts);
    let brute = brute.ok_or_else(|| stored.wrong("training rows that fit the metric"))?;
    Ok((Search::BruteForce(Box::new(brute)), n_features, n_rows))
}

/// Of the training rows only their number is used.
fn read_precomputed(state: &State<'_>) -> Result<(Search, usize, usize), ReadError> {
    let stored = state.get("_fit_X")?;
    let rows = stored.as_dense_matrix()?;
    if rows.n_rows == 0 || rows.n_rows != rows.n_cols {
        return Err(stored.wrong("a square matrix of distances"));
    }
    Ok((Search::Precomputed(partitioning(state)), rows.n_rows, rows.n_rows))
}
