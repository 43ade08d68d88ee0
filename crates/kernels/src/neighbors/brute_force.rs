//! Every point is looked at.
//!
//! Euclidean distances are found as `|x|² - 2 x·y + |y|²`, as BLAS-based code does; the others
//! difference by difference.

use super::{Metric, Nearest};
use crate::distances::squared_length;

/// Points by columns.
#[derive(Debug, Clone, PartialEq)]
pub struct BruteForce {
    columns: Vec<Vec<f64>>,
    /// The square of each point's length.
    lengths: Vec<f64>,
    metric: Metric,
}

impl BruteForce {
    /// `points` holds `n_features` numbers for each point, one after the other; `None` unless they are
    /// whole.
    #[must_use]
    pub fn new(n_features: usize, mut points: Vec<f64>, metric: Metric) -> Option<Self> {
        if n_features == 0 || !points.len().is_multiple_of(n_features) {
            return None;
        }
        if metric == Metric::Cosine {
            points.chunks_exact_mut(n_features).for_each(normalize);
        }
        let column = |j| points.iter().skip(j).step_by(n_features).copied().collect();
        let columns = (0..n_features).map(column).collect();
        let lengths = points.chunks_exact(n_features).map(squared_length).collect();
        Some(Self { columns, lengths, metric })
    }

    /// Number of points.
    #[must_use]
    pub fn n_points(&self) -> usize {
        self.lengths.len()
    }

    /// Finds the points nearest to `x`, which has a number per column, nearest first. `work` is
    /// overwritten; keeping it saves time.
    pub fn find(&self, x: &mut [f64], work: &mut Vec<f64>, nearest: &mut Nearest) {
        work.clear();
        work.resize(self.n_points(), 0.0);
        if self.metric == Metric::Cosine {
            normalize(x);
        }
        for (column, &x) in self.columns.iter().zip(x.iter()) {
            let terms = work.iter_mut().zip(column);
            match self.metric {
                Metric::Manhattan => terms.for_each(|(sum, y)| *sum += (x - y).abs()),
                Metric::Chebyshev => terms.for_each(|(sum, y)| *sum = sum.max((x - y).abs())),
                Metric::Minkowski(p) => terms.for_each(|(sum, y)| *sum += (x - y).abs().powf(p)),
                _ => terms.for_each(|(sum, y)| *sum += x * y),
            }
        }
        match self.metric {
            Metric::Euclidean | Metric::SquaredEuclidean => {
                let length = squared_length(x);
                for (sum, y) in work.iter_mut().zip(&self.lengths) {
                    *sum = (-2.0 * *sum + length + y).max(0.0);
                }
            }
            Metric::Cosine => work.iter_mut().for_each(|sum| *sum = (1.0 - *sum).clamp(0.0, 2.0)),
            _ => {}
        }
        nearest.clear();
        for (index, &distance) in work.iter().enumerate() {
            nearest.push(distance, index);
        }
        nearest.sort();
        nearest.distances_mut().iter_mut().for_each(|it| *it = self.metric.distance(*it));
    }
}

/// A row of zeros stays one.
fn normalize(row: &mut [f64]) {
    let length = squared_length(row).sqrt();
    if length != 0.0 {
        row.iter_mut().for_each(|x| *x /= length);
    }
}
