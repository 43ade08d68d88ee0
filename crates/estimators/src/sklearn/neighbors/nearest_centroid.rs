//! `NearestCentroid`: the class whose centre is nearest.
//!
//! | attribute               | shape  | meaning                                                        | since |
//! |-------------------------|--------|----------------------------------------------------------------|-------|
//! | `centroids_`            | (k, p) | the centres, shrunken or not                                   | any   |
//! | `classes_`              | (k,)   | class labels                                                   | any   |
//! | `metric`                | text   | `euclidean`, `manhattan`; until 1.4 others, see `metric.rs`    | any   |
//! | `class_prior_`          | (k,)   | how likely the classes are: if unequally so, the scores decide | 1.6   |
//! | `within_class_std_dev_` | (p,)   | what the scores divide rows and centres by, unless it is 0     | 1.6   |
//!
//! Output: `predict` gives labels, of equally near centres the first. From 1.6 on, with the euclidean
//! metric, `decision_function` gives the scores `2 log(prior) - distance²`, (n, k), or for two classes
//! the second's less the first's, (n,); `predict_proba` and `predict_log_proba` their softmax.
//!
//! Source of truth: `sklearn/neighbors/_nearest_centroid.py`, `DiscriminantAnalysisPredictionMixin` in
//! `sklearn/discriminant_analysis.py`.

use kernels::blas::{Layout, Rest, matrix_vector};
use kernels::distances::squared_distances;
use kernels::einsum::{Order, square_sums};
use kernels::neighbors::Metric;
use kernels::rows;

use super::metric::{BruteMetric, read_brute_metric};
use super::training_rows::{Brute, Parts};
use crate::sklearn::tree::labels_output;
use crate::{
    Block, ClassSpec, Classes, DataError, Dense, Estimator, Matrix, Method, Nan, Output, ReadError,
    State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.neighbors._nearest_centroid.NearestCentroid",
        "sklearn.neighbors.nearest_centroid.NearestCentroid", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(NearestCentroid::read(state)?)),
};

const METHODS: &[Method] =
    &[Method::Predict, Method::DecisionFunction, Method::PredictProba, Method::PredictLogProba];

#[derive(Debug)]
struct NearestCentroid {
    n_features: usize,
    centers: Brute,
    classes: [Classes; 1],
    scores: Option<Scores>,
    /// Whether the scores decide.
    by_scores: bool,
    /// Until 1.1 the distances are compared, later, like all searches by brute force, their squares.
    by_distance: bool,
}

/// What from 1.6 on gives the scores.
#[derive(Debug)]
struct Scores {
    /// The centres, divided by the deviations.
    centers: Matrix,
    deviations: Vec<f64>,
    priors: Vec<f64>,
    metric: Metric,
}

impl NearestCentroid {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let centers = state.matrix("centroids_")?;
        let n_features = centers.n_cols;
        state.n_features_in(n_features)?;
        let classes = state.classes("classes_")?;
        if classes.is_empty() || classes.len() != centers.n_rows {
            let text = format!("has {} rows for {} classes", centers.n_rows, classes.len());
            return Err(state.get("centroids_")?.invalid(text));
        }
        let (metric, is_own) = match read_brute_metric(state, "metric")? {
            BruteMetric::Own(it) => (it, true),
            BruteMetric::Numpy(it) => (it, false),
            BruteMetric::Precomputed => {
                return Err(state.get("metric")?.unsupported("is 'precomputed'"));
            }
        };
        let scores = match state.version() {
            it if it < Version::new(1, 6) => None,
            _ => Some(Scores::read(state, &centers, metric.clone())?),
        };
        let version = state.version();
        let parts = Parts { metric, is_own, version, ..Parts::dense(centers) };
        let centers = Brute::new(parts).ok_or_else(|| {
            ReadError::new(
                state.path(),
                crate::ProblemKind::Invalid,
                "has centres for another metric",
            )
        })?;
        let by_scores = scores.as_ref().is_some_and(Scores::decide);
        let by_distance = version < Version::new(1, 2);
        Ok(Self { n_features, centers, classes: [classes], scores, by_scores, by_distance })
    }

    fn nearest(&self, input: Block) -> Result<Vec<u32>, DataError> {
        let mut nearest = Vec::with_capacity(input.n_rows());
        self.centers.each_distances(input, self.n_features, self.by_distance, |distances| {
            let mut best = 0;
            for (at, distance) in distances.iter().enumerate() {
                if *distance < distances[best] {
                    best = at;
                }
            }
            nearest.push(best as u32);
        })?;
        Ok(nearest)
    }
}

impl Scores {
    fn read(state: &State<'_>, centers: &Matrix, metric: Metric) -> Result<Self, ReadError> {
        if !matches!(metric, Metric::Euclidean | Metric::Manhattan) {
            return Err(state.get("metric")?.unsupported("is neither euclidean nor manhattan"));
        }
        let deviations = state.floats_len("within_class_std_dev_", centers.n_cols)?;
        let priors = state.floats_len("class_prior_", centers.n_rows)?;
        let mut centers = centers.clone();
        for row in centers.data.chunks_exact_mut(centers.n_cols.max(1)) {
            let pairs = row.iter_mut().zip(&deviations).filter(|(_, it)| **it != 0.0);
            pairs.for_each(|(x, deviation)| *x /= deviation);
        }
        Ok(Self { centers, deviations, priors, metric })
    }

    /// `np.isclose(class_prior_, 1 / k).all()` does not hold.
    fn decide(&self) -> bool {
        let share = 1.0 / self.priors.len() as f64;
        !self.priors.iter().all(|it| (it - share).abs() <= 1e-8 + 1e-5 * share)
    }

    fn columns(&self, mut x: Dense) -> Vec<Vec<f64>> {
        x.map_columns(|j, column| {
            if self.deviations[j] != 0.0 {
                column.iter_mut().for_each(|x| *x /= self.deviations[j]);
            }
        });
        let (columns, n_rows) = (x.slices(), x.n_rows());
        let lengths = square_sums(&columns, n_rows, Order::Rows, 2, |x| x);
        let column = |(center, prior): (&[f64], &f64)| {
            let offset = 2.0 * prior.ln();
            let mut distances = match self.metric {
                Metric::Euclidean => euclidean(&columns, &lengths, center),
                _ => manhattan(&columns, n_rows, center),
            };
            distances.iter_mut().for_each(|it| *it = -(*it * *it) + offset);
            distances
        };
        self.centers.rows().zip(&self.priors).map(column).collect()
    }
}

/// `euclidean_distances` from one point: a product of a matrix and a vector.
fn euclidean(columns: &[&[f64]], lengths: &[f64], center: &[f64]) -> Vec<f64> {
    let numbers: Vec<&[f64]> = center.chunks(1).collect();
    let length = square_sums(&numbers, 1, Order::Rows, 2, |x| x)[0];
    let products = matrix_vector(columns, center, lengths.len(), Layout::Rows(Rest::Fused));
    let mut distances = [products];
    squared_distances(&mut distances, lengths, &[length]);
    let [distances] = distances;
    distances.into_iter().map(f64::sqrt).collect()
}

fn manhattan(columns: &[&[f64]], n_rows: usize, center: &[f64]) -> Vec<f64> {
    let mut distances = vec![0.0; n_rows];
    for (column, y) in columns.iter().zip(center) {
        distances.iter_mut().zip(*column).for_each(|(sum, x)| *sum += (x - y).abs());
    }
    distances
}

/// `scores - max`, less the logarithm of the sum of their exponentials.
fn log_softmax(scores: &mut [Vec<f64>]) {
    let largest = rows::max(scores);
    let mut exponentials = Vec::with_capacity(scores.len());
    for column in scores.iter_mut() {
        column.iter_mut().zip(&largest).for_each(|(x, max)| *x -= max);
        let mut column = column.clone();
        kernels::exp::exp(&mut column);
        exponentials.push(column);
    }
    let mut totals = rows::sums(&exponentials);
    rows::ln(&mut totals);
    for column in scores {
        column.iter_mut().zip(&totals).for_each(|(x, total)| *x -= total);
    }
}

impl Estimator for NearestCentroid {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        match &self.scores {
            Some(it) if it.metric == Metric::Euclidean => METHODS,
            _ => &METHODS[..1],
        }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods().contains(&method) {
            return Err(unsupported("NearestCentroid", method));
        }
        let Some(scores) =
            self.scores.as_ref().filter(|_| self.by_scores || method != Method::Predict)
        else {
            return Ok(labels_output(vec![self.nearest(input)?], &self.classes));
        };
        let x = input.into_dense(self.n_features)?;
        x.check_finite(Nan::Refused)?;
        let n_rows = x.n_rows();
        let mut columns = scores.columns(x);
        match (method, columns.as_mut_slice()) {
            (Method::Predict, _) => {
                return Ok(labels_output(vec![rows::argmax(&columns)], &self.classes));
            }
            (Method::DecisionFunction, [first, second]) => {
                second.iter_mut().zip(first).for_each(|(x, first)| *x -= *first);
                return Ok(Output::floats(columns.pop().unwrap_or_default()));
            }
            (Method::DecisionFunction, _) => {}
            _ => log_softmax(&mut columns),
        }
        if method == Method::PredictProba {
            columns.iter_mut().for_each(|it| kernels::exp::exp(it));
        }
        Dense::new(n_rows, columns).map(Output::dense)
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
