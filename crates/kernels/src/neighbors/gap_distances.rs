//! Euclidean distances between rows with gaps: over the columns that both have, scaled up to all columns.

use crate::blas::matrix_product;
use crate::distances::not_negative;
use crate::einsum::{Order, square_sums};

/// Points with gaps, by columns.
#[derive(Debug, Clone, PartialEq)]
pub struct GapDistances {
    /// Zeros in the gaps.
    columns: Vec<Vec<f64>>,
    squares: Vec<Vec<f64>>,
    /// 1 for each gap.
    gaps: Vec<Vec<f64>>,
    /// The square of each point's length.
    lengths: Vec<f64>,
    einsum: Order,
}

impl GapDistances {
    /// `points` holds `n_features` numbers or gaps for each point, one after the other; `None` unless they
    /// are whole. `einsum` is numpy's order of additions of squares.
    #[must_use]
    pub fn new(n_features: usize, points: &[Option<f64>], einsum: Order) -> Option<Self> {
        if n_features == 0 || !points.len().is_multiple_of(n_features) {
            return None;
        }
        let by_columns = |value: &dyn Fn(Option<f64>) -> f64| -> Vec<Vec<f64>> {
            let column = |j| points.iter().skip(j).step_by(n_features).map(|it| value(*it));
            (0..n_features).map(|j| column(j).collect()).collect()
        };
        let columns = by_columns(&Option::unwrap_or_default);
        let squares = by_columns(&|it| it.map_or(0.0, |x| x * x));
        let gaps = by_columns(&|it| f64::from(u8::from(it.is_none())));
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let lengths = square_sums(&slices, points.len() / n_features, einsum, 2, |x| x);
        Some(Self { columns, squares, gaps, lengths, einsum })
    }

    /// The distance of each point from `row`, which has a number or a gap per column; NaN if they have no
    /// column in common.
    pub fn measure(&self, row: &[Option<f64>], distances: &mut Vec<f64>) {
        let n_points = self.lengths.len();
        let x: Vec<f64> = row.iter().map(|it| it.unwrap_or_default()).collect();
        let squares: Vec<f64> = x.iter().map(|x| x * x).collect();
        let gaps: Vec<f64> = row.iter().map(|it| f64::from(u8::from(it.is_none()))).collect();
        let present: Vec<f64> = gaps.iter().map(|it| 1.0 - it).collect();
        let numbers: Vec<&[f64]> = x.chunks(1).collect();
        let length = square_sums(&numbers, 1, self.einsum, 2, |x| x).iter().sum::<f64>();
        let product = |columns: &[Vec<f64>], weights: &[f64]| {
            let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
            matrix_product(&columns, std::iter::once(weights), n_points).concat()
        };
        let inner = product(&self.columns, &x);
        let only_here = product(&self.gaps, &squares);
        let only_there = product(&self.squares, &gaps);
        let missing_there = product(&self.gaps, &present);
        let here: f64 = present.iter().sum();
        distances.clear();
        distances.extend((0..n_points).map(|i| {
            let squared = not_negative(-2.0 * inner[i] + length + self.lengths[i]);
            let squared = not_negative(squared - only_here[i] - only_there[i]);
            let common = here - missing_there[i];
            let scaled = squared / common.max(1.0) * row.len() as f64;
            if common == 0.0 { f64::NAN } else { scaled.sqrt() }
        }));
    }
}
