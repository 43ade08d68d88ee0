//! From many steps to one, and from many positions to fewer.

use super::Geometry;
use super::functions::{largest, softmax};
use super::packed::Dense;

/// What is kept of the steps of a sequence, feature by feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// The first step.
    First,
    /// The last step.
    Last,
    /// The mean.
    Mean,
    /// The largest.
    Max,
    /// The sum.
    Sum,
}

/// One vector of `width` features from a matrix of steps x features; in place.
pub fn pool(pool: Pool, values: &mut Vec<f32>, width: usize) {
    let n_steps = values.len().checked_div(width).unwrap_or(0);
    let steps = || values.chunks_exact(width.max(1));
    *values = match pool {
        Pool::First => steps().next().unwrap_or_default().to_vec(),
        Pool::Last => steps().next_back().unwrap_or_default().to_vec(),
        Pool::Max => (0..width).map(|j| largest_in(steps().map(|it| it[j]))).collect(),
        Pool::Mean | Pool::Sum => {
            let by = if pool == Pool::Mean { n_steps as f64 } else { 1.0 };
            let sum = |j: usize| steps().map(|it| f64::from(it[j])).sum::<f64>();
            (0..width).map(|j| (sum(j) / by) as f32).collect()
        }
    };
}

fn largest_in(values: impl Iterator<Item = f32>) -> f32 {
    values.fold(f32::NEG_INFINITY, |all, x| if x > all || x.is_nan() { x } else { all })
}

/// The steps' mean, weighted by the shares that a dense layer of one output gives them; in place.
pub fn attend(score: &Dense, values: &mut Vec<f32>, width: usize, scores: &mut Vec<f32>) {
    score.run(values, scores);
    let n_steps = scores.len();
    softmax(scores, n_steps);
    let mut out = vec![0.0_f64; width];
    for (step, share) in values.chunks_exact(width.max(1)).zip(scores.iter()) {
        for (sum, x) in out.iter_mut().zip(step) {
            *sum += f64::from(*x) * f64::from(*share);
        }
    }
    *values = out.into_iter().map(|it| it as f32).collect();
}

/// The largest under the kernel, for each of the rows of `len` positions; in place.
pub fn maximum(values: &mut Vec<f32>, len: usize, geometry: &Geometry) {
    walk(values, len, geometry, |under| largest_in(under.flatten()));
}

/// The mean of what is under the kernel; in place. Padding counts as zeros if `with_padding`.
pub fn average(values: &mut Vec<f32>, len: usize, geometry: &Geometry, with_padding: bool) {
    walk(values, len, geometry, |under| {
        let (sum, n) = under.fold((0.0, 0_u32), |(sum, n), x| {
            (sum + f64::from(x.unwrap_or(0.0)), n + u32::from(with_padding || x.is_some()))
        });
        (sum / f64::from(n)) as f32
    });
}

fn walk(
    values: &mut Vec<f32>,
    len: usize,
    geometry: &Geometry,
    of: impl Fn(&mut dyn Iterator<Item = Option<f32>>) -> f32,
) {
    let n_places = geometry.n_out(len).unwrap_or(0);
    let rows = values.chunks_exact(len.max(1));
    let places = rows.flat_map(|row| (0..n_places).map(move |at| (row, at)));
    *values = places.map(|(row, at)| of(&mut geometry.under(row, at))).collect();
}

/// Each row of `len` positions in `n_out` parts of about the same size, and their means or largest; in place.
pub fn adaptive(values: &mut Vec<f32>, len: usize, n_out: usize, max: bool) {
    let part = |row: &[f32], i: usize| {
        let part = &row[i * len / n_out..((i + 1) * len).div_ceil(n_out)];
        if max {
            return largest(part);
        }
        let sum: f64 = part.iter().copied().map(f64::from).sum();
        (sum / part.len() as f64) as f32
    };
    let rows = values.chunks_exact(len.max(1));
    *values = rows.flat_map(|row| (0..n_out).map(move |i| part(row, i))).collect();
}
