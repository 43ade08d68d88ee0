//! `FeatureAgglomeration`: one column for each cluster of columns.
//!
//! | attribute      | shape    | meaning                                     | since |
//! |----------------|----------|---------------------------------------------|-------|
//! | `labels_`      | (p,)     | the cluster of each column, from 0          | any   |
//! | `pooling_func` | function | numpy's `mean`, or another one, see below   | any   |
//!
//! Output: `transform` pools the columns of each cluster, shape (n, k); `inverse_transform` gives each column
//! its cluster's value, (n, p). Pooling functions are numpy's `mean`, `sum`, `prod`, `max`, `min`, `ptp`,
//! `median`, `var` and `std`; any other is refused.
//!
//! Numbers are taken in column order, one after the other, as numpy does for several rows. The mean is
//! `float64` also for `float32` rows.
//!
//! Source of truth: `AgglomerationTransform` in `sklearn/cluster/_feature_agglomeration.py`.

use object_graph::Kind;

use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Method, Nan, Output, Precision, ReadError,
    State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.cluster._agglomerative.FeatureAgglomeration",
        "sklearn.cluster.hierarchical.FeatureAgglomeration", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(FeatureAgglomeration::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct FeatureAgglomeration {
    /// The cluster of each column.
    labels: Vec<usize>,
    /// The columns of each cluster, at least one.
    clusters: Vec<Vec<usize>>,
    pooling: Pooling,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pooling {
    Mean,
    Sum,
    Product,
    Maximum,
    Minimum,
    Range,
    Median,
    Variance,
    Deviation,
}

impl FeatureAgglomeration {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let stored = state.get("labels_")?;
        let n = stored.as_ints()?.len();
        let wrong = || stored.wrong("the number of a cluster for each column, none left out");
        let labels: Vec<usize> = stored
            .as_ints()?
            .into_iter()
            .map(|it| usize::try_from(it).ok().filter(|it| *it < n).ok_or_else(wrong))
            .collect::<Result<_, _>>()?;
        let n_clusters = labels.iter().max().map_or(0, |it| it + 1);
        state.charge(n.saturating_mul(32))?;
        let mut clusters = vec![Vec::new(); n_clusters];
        labels.iter().enumerate().for_each(|(column, &label)| clusters[label].push(column));
        if clusters.is_empty() || clusters.iter().any(Vec::is_empty) {
            return Err(wrong());
        }
        state.n_features_in(n)?;
        Ok(Self { labels, clusters, pooling: Pooling::read(&state.get("pooling_func")?)? })
    }

    fn transform(&self, input: Block) -> Result<Output, DataError> {
        if matches!(input, Block::Sparse(_)) {
            return Err(DataError::block(
                "the rows are sparse, and FeatureAgglomeration takes none",
            ));
        }
        let x = input.into_dense(self.labels.len())?;
        x.check_finite(Nan::Refused)?;
        // The mean alone is numpy's bincount, which counts in float64.
        let precision = match self.pooling {
            Pooling::Mean => Precision::Double,
            _ => x.precision(),
        };
        let pool = |columns: &Vec<usize>| {
            let columns: Vec<&[f64]> = columns.iter().map(|&it| x.column(it)).collect();
            (0..x.n_rows()).map(|row| self.pooling.of_row(&columns, row, precision)).collect()
        };
        let mut pooled = Dense::new(x.n_rows(), self.clusters.iter().map(pool).collect())?;
        pooled.dtype = precision.into();
        Ok(Output::dense(pooled))
    }

    fn inverse_transform(&self, input: Block) -> Result<Output, DataError> {
        let x = input.into_dense(self.clusters.len())?;
        let labels = self.labels.clone();
        Ok(Output::Block(Block::Dense(x).select(&labels)))
    }
}

impl Pooling {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let refused = || state.unsupported("is a function that Pythia does not run");
        let Kind::Class(function) = state.value().kind() else { return Err(refused()) };
        if !matches!(function.module, "numpy" | "numpy.core.fromnumeric") {
            return Err(refused());
        }
        match function.name {
            "mean" => Ok(Self::Mean),
            "sum" => Ok(Self::Sum),
            "prod" => Ok(Self::Product),
            "max" | "amax" => Ok(Self::Maximum),
            "min" | "amin" => Ok(Self::Minimum),
            "ptp" => Ok(Self::Range),
            "median" => Ok(Self::Median),
            "var" => Ok(Self::Variance),
            "std" => Ok(Self::Deviation),
            it => Err(state.unsupported(format!("is numpy's {it}, which is not supported"))),
        }
    }

    fn of_row(self, columns: &[&[f64]], row: usize, precision: Precision) -> f64 {
        let round = |x: f64| match precision {
            Precision::Double => x,
            Precision::Single => f64::from(x as f32),
        };
        let values = || columns.iter().map(|it| it[row]);
        let fold = |step: fn(f64, f64) -> f64| {
            values().reduce(|all, x| round(step(all, x))).unwrap_or_default()
        };
        // From 0.0, so that a sum is never -0.0.
        let sum = || round(fold(|sum, x| sum + x) + 0.0);
        let n = columns.len() as f64;
        let variance = || {
            let mean = round(sum() / n);
            let square = |x: f64| round(round(x - mean) * round(x - mean));
            let squares = values().map(square).reduce(|sum, x| round(sum + x));
            round(squares.unwrap_or_default() / n)
        };
        match self {
            Self::Mean => values().fold(0.0, |sum, x| sum + x) / n,
            Self::Sum => sum(),
            Self::Product => fold(|product, x| product * x),
            Self::Maximum => fold(largest),
            Self::Minimum => fold(smallest),
            Self::Range => round(fold(largest) - fold(smallest)),
            Self::Median => median(values().collect(), round),
            Self::Variance => variance(),
            Self::Deviation => round(variance().sqrt()),
        }
    }
}

/// Of 0.0 and -0.0 numpy takes the later one.
fn largest(all: f64, x: f64) -> f64 {
    if x < all { all } else { x }
}

fn smallest(all: f64, x: f64) -> f64 {
    if all < x { all } else { x }
}

/// Of an even number of values the mean of the middle two. Never -0.0: numpy takes the mean of a single
/// one too, and that sum begins at 0.0.
fn median(mut values: Vec<f64>, round: impl Fn(f64) -> f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        1 => values[middle] + 0.0,
        _ => round(round(0.0 + values[middle - 1] + values[middle]) / 2.0),
    }
}

impl Estimator for FeatureAgglomeration {
    fn n_features_in(&self) -> usize {
        self.labels.len()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.transform(input),
            Method::InverseTransform => self.inverse_transform(input),
            _ => Err(unsupported("FeatureAgglomeration", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.clusters.len())
    }
}
