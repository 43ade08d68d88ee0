//! `KNNImputer`: fills missing cells with the mean of the nearest training rows that have the cell.
//!
//! | attribute        | shape                | meaning                                                       | since |
//! |------------------|----------------------|---------------------------------------------------------------|-------|
//! | `_fit_X`         | (n, p)               | training rows, with their missing cells                       | 0.22  |
//! | `n_neighbors`    | int                  | how many of those that have the cell; all if there are fewer  | 0.22  |
//! | `weights`        | text                 | `uniform`, or `distance`: 1 / distance                        | 0.22  |
//! | `metric`         | text                 | `nan_euclidean`; functions are refused                        | 0.22  |
//! | `missing_values` | any                  | see `missing_values.rs`                                       | 0.22  |
//! | `add_indicator`, `indicator_` | bool, `MissingIndicator` | append which cells were missing              | 0.22  |
//! | `keep_empty_features` | bool            | keep columns without a value in training, as zeros; absent: no | 1.2  |
//!
//! Distances are over the columns that both rows have. Where there is none, the column's mean stands in.
//! Output: the columns that had a value in training, then the indicator's. (Until 1.2 Python leaves the
//! indicator out for rows without any missing cell at hand; here a row's answer does not depend on the
//! others.)
//!
//! numpy's partition chooses among equally near rows (`partitioning.rs`). Until 1.5 rows at no distance
//! count with equal weights too.
//!
//! Source of truth: `sklearn/impute/_knn.py`, `nan_euclidean_distances` in `sklearn/metrics/pairwise.py`,
//! `average` in `numpy/ma/extras.py`.

use std::sync::Arc;

use kernels::einsum::Order;
use kernels::neighbors::GapDistances;
use kernels::partitioning::Partitioning;
use kernels::sum::pairwise_sum;

use super::missing_indicator::MissingIndicator;
use super::missing_values::{Infinite, MissingValues};
use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::sklearn::partitioning::partitioning;
use crate::{
    Block, ClassSpec, Column, DataError, Dense, Dtype, Estimator, Layout, Method, Output,
    ReadError, State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.impute._knn.KNNImputer"],
    methods: METHODS,
    read: |state| Ok(Box::new(KnnImputer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct KnnImputer {
    distances: GapDistances,
    columns: Vec<Donors>,
    n_neighbors: usize,
    partitioning: Partitioning,
    by_distance: bool,
    /// Whether rows at no distance count.
    counts_unknown: bool,
    missing: MissingValues,
    indicator: Option<MissingIndicator>,
    keeps_empty: bool,
}

/// The training rows that have a column's cell.
#[derive(Debug)]
struct Donors {
    rows: Vec<usize>,
    values: Vec<f64>,
    mean: f64,
}

impl KnnImputer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let stored = state.get("_fit_X")?;
        if is_single(&stored) {
            return Err(stored.unsupported("is float32, which is not supported"));
        }
        let rows = stored.as_matrix()?;
        let (n_rows, width) = (rows.n_rows, rows.n_cols);
        state.n_features_in(width)?;
        state.charge(rows.data.len().saturating_mul(40))?;
        let missing = MissingValues::read(state)?;
        let is_missing = |x: f64| match &missing {
            MissingValues::Nan => x.is_nan(),
            MissingValues::Number(it) => x == *it,
            MissingValues::Text(_) => false,
        };
        let column = |j: usize| Donors::new(rows.rows().map(|it| it[j]), is_missing);
        let columns: Vec<Donors> = (0..width).map(column).collect();
        let einsum = match state.version() {
            it if it < Version::new(1, 0) => Order::OldRows,
            _ => Order::Rows,
        };
        let points: Vec<Option<f64>> =
            rows.data.iter().map(|x| (!is_missing(*x)).then_some(*x)).collect();
        let distances = GapDistances::new(width, &points, einsum);
        let distances = distances.filter(|_| n_rows != 0);
        let distances = distances.ok_or_else(|| stored.wrong("training rows"))?;
        if state.get("metric")?.value().as_str() != Some("nan_euclidean") {
            return Err(state.get("metric")?.unsupported("is not 'nan_euclidean'"));
        }
        let by_distance = match state.get("weights")?.value().as_str() {
            Some("uniform") => false,
            Some("distance") => true,
            _ => {
                return Err(state
                    .get("weights")?
                    .unsupported("is neither 'uniform' nor 'distance'"));
            }
        };
        let indicator = match state.flag_or("add_indicator", false)? {
            true => Some(MissingIndicator::read(&state.get("indicator_")?)?),
            false => None,
        };
        if indicator.as_ref().is_some_and(|it| it.n_features() != width) {
            return Err(state.get("indicator_")?.wrong("an indicator for as many columns"));
        }
        let n_neighbors = state.count("n_neighbors")?;
        if n_neighbors == 0 {
            return Err(state.get("n_neighbors")?.wrong("at least 1"));
        }
        Ok(Self {
            distances,
            columns,
            n_neighbors,
            partitioning: partitioning(state),
            by_distance,
            counts_unknown: state.version() < Version::new(1, 6) && !by_distance,
            missing,
            indicator,
            keeps_empty: state.flag_or("keep_empty_features", false)?,
        })
    }

    fn transform(&self, mut x: Dense) -> Result<Block, DataError> {
        let n_rows = x.n_rows();
        let mut masks = Vec::with_capacity(x.n_cols());
        for (index, column) in x.columns().iter().enumerate() {
            let column = Column::Number(Arc::clone(column), Dtype::Float64);
            self.missing.check(&column, index, Infinite::Refused)?;
            masks.push(self.missing.mask(&column));
        }
        let given = x.clone();
        let (mut row, mut distances) = (Vec::new(), Vec::new());
        for index in 0..n_rows {
            let gap = |j: usize| masks[j].as_ref().is_some_and(|it| it[index]);
            if (0..masks.len()).all(|j| !gap(j)) {
                continue;
            }
            row.clear();
            row.extend((0..masks.len()).map(|j| (!gap(j)).then(|| given.column(j)[index])));
            self.distances.measure(&row, &mut distances);
            for j in (0..masks.len()).filter(|&j| gap(j) && !self.columns[j].rows.is_empty()) {
                x.column_mut(j)[index] = self.value(&self.columns[j], &distances);
            }
        }
        x.round();
        self.output(x, &masks)
    }

    fn output(&self, x: Dense, masks: &[Option<Vec<bool>>]) -> Result<Block, DataError> {
        let (n_rows, precision) = (x.n_rows(), x.precision());
        let zeros = Arc::new(vec![0.0; n_rows]);
        let pairs = x.into_columns().into_iter().zip(&self.columns);
        let kept = pairs.filter_map(|(column, donors)| match donors.rows.is_empty() {
            false => Some(column),
            true => self.keeps_empty.then(|| Arc::clone(&zeros)),
        });
        let mut filled = Dense::from_columns(n_rows, kept.collect())?;
        filled.dtype = precision.into();
        let Some(indicator) = &self.indicator else { return Ok(Block::Dense(filled)) };
        let marks = Block::Dense(indicator.marks(masks, n_rows)?);
        Block::hstack(vec![Block::Dense(filled), marks], n_rows, Layout::Dense)
    }

    /// What stands in for a cell; there is at least one donor.
    fn value(&self, donors: &Donors, distances: &[f64]) -> f64 {
        let own: Vec<f64> = donors.rows.iter().map(|&it| distances[it]).collect();
        if own.iter().all(|it| it.is_nan()) {
            return donors.mean;
        }
        let nearest = self.partitioning.partitioned(&own, self.n_neighbors);
        let weights = self.weights(nearest.iter().map(|&it| own[it]));
        let values = nearest.iter().zip(&weights).map(|(&it, weight)| donors.values[it] * weight);
        let sum = pairwise_sum(&values.collect::<Vec<_>>());
        match self.counts_unknown {
            true => sum / nearest.len() as f64,
            false => sum / pairwise_sum(&weights),
        }
    }

    fn weights(&self, distances: impl Iterator<Item = f64>) -> Vec<f64> {
        if !self.by_distance {
            let weight = |it: f64| f64::from(u8::from(self.counts_unknown || !it.is_nan()));
            return distances.map(weight).collect();
        }
        let mut weights: Vec<f64> = distances.map(|it| 1.0 / it).collect();
        let at_zero = weights.iter().any(|it| it.is_infinite());
        for weight in &mut weights {
            match at_zero {
                true => *weight = f64::from(u8::from(weight.is_infinite())),
                false if weight.is_nan() => *weight = 0.0,
                false => {}
            }
        }
        weights
    }
}

impl Donors {
    fn new(column: impl Iterator<Item = f64>, is_missing: impl Fn(f64) -> bool) -> Self {
        let cells: Vec<f64> = column.collect();
        let present = |&row: &usize| !is_missing(cells[row]);
        let rows: Vec<usize> = (0..cells.len()).filter(present).collect();
        let values: Vec<f64> = rows.iter().map(|&it| cells[it]).collect();
        // numpy adds a zero for each missing cell.
        let filled: Vec<f64> = cells.iter().map(|&x| if is_missing(x) { 0.0 } else { x }).collect();
        let mean = pairwise_sum(&filled) / rows.len() as f64;
        Self { rows, values, mean }
    }
}

impl Estimator for KnnImputer {
    fn n_features_in(&self) -> usize {
        self.columns.len()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("KNNImputer", method));
        }
        if matches!(input, Block::Sparse(_)) {
            return Err(DataError::block("the rows are sparse, and the model takes none"));
        }
        self.transform(input.into_dense(self.columns.len())?).map(Output::Block)
    }

    fn n_features_out(&self) -> Option<usize> {
        let kept = self.columns.iter().filter(|it| self.keeps_empty || !it.rows.is_empty());
        Some(kept.count() + self.indicator.as_ref().map_or(0, |it| it.columns().len()))
    }
}
