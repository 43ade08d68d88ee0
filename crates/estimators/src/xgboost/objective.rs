//! Objectives: how a base score becomes a margin, and margins become predictions, in `float32`.
//!
//! | objective                                                       | base score to margin | prediction       |
//! |-----------------------------------------------------------------|----------------------|------------------|
//! | `reg:squarederror`, `reg:absoluteerror`, `rank:*`, …            | as it is             | the margin       |
//! | `reg:logistic`, `binary:logistic`                               | -log(1 / p - 1)      | 1 / (1 + exp(-m)) |
//! | `binary:logitraw`                                               | as `binary:logistic`, as it is from 1.3 | the margin |
//! | `binary:hinge`                                                  | as it is             | 1 if m > 0       |
//! | `count:poisson`, `reg:gamma`, `reg:tweedie`, `survival:*`       | log                  | exp(m)           |
//! | `multi:softprob`                                                | as it is             | softmax          |
//! | `multi:softmax`                                                 | as it is             | the largest's number |
//!
//! Source of truth: XGBoost's `src/objective/*.cu`, `src/common/math.h` (`Sigmoid`, `Softmax`).

use kernels::exp_single::exp_single;
use kernels::sum::pairwise_sum;

use crate::Version;

/// Since then the base score of `binary:logitraw` is a margin.
const RAW_BASE: Version = Version::new(1, 3);

/// How margins become predictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    Identity,
    Logistic,
    LogisticRaw,
    Hinge,
    Exp,
    Softmax,
    Softprob,
}

/// The link of an objective; `None` if it is unknown.
pub(super) fn link(objective: &str) -> Option<Link> {
    Some(match objective {
        "reg:squarederror"
        | "reg:linear"
        | "reg:squaredlogerror"
        | "reg:absoluteerror"
        | "reg:pseudohubererror"
        | "reg:quantileerror"
        | "rank:pairwise"
        | "rank:ndcg"
        | "rank:map" => Link::Identity,
        "reg:logistic" | "binary:logistic" => Link::Logistic,
        "binary:logitraw" => Link::LogisticRaw,
        "binary:hinge" => Link::Hinge,
        "count:poisson" | "reg:gamma" | "reg:tweedie" | "survival:cox" | "survival:aft" => {
            Link::Exp
        }
        "multi:softmax" => Link::Softmax,
        "multi:softprob" => Link::Softprob,
        _ => return None,
    })
}

impl Link {
    /// The margin of a base score.
    pub(super) fn margin(self, base_score: f32, version: Version) -> f32 {
        match self {
            Self::LogisticRaw if RAW_BASE <= version => base_score,
            Self::Logistic | Self::LogisticRaw => -(1.0 / base_score - 1.0).ln(),
            Self::Exp => base_score.ln(),
            _ => base_score,
        }
    }

    /// Margins to predictions, column by column.
    pub(super) fn apply(self, mut margins: Vec<Vec<f32>>, version: Version) -> Vec<Vec<f32>> {
        let each = |change: fn(f32) -> f32, columns: &mut Vec<Vec<f32>>| {
            columns.iter_mut().flatten().for_each(|x| *x = change(*x));
        };
        match self {
            Self::Identity | Self::LogisticRaw => {}
            Self::Logistic if version < Version::new(1, 6) => {
                each(|x| 1.0 / (1.0 + (-x).exp()), &mut margins);
            }
            // The bound keeps the exponential finite: a large negative margin does not give 0.
            Self::Logistic => {
                each(|x| 1.0 / ((if -x < 88.7 { -x } else { 88.7 }).exp() + 1.0), &mut margins);
            }
            Self::Hinge => each(|x| if 0.0 < x { 1.0 } else { 0.0 }, &mut margins),
            Self::Exp => each(f32::exp, &mut margins),
            Self::Softmax => return vec![by_row(&margins, largest)],
            Self::Softprob => softmax(&mut margins),
        }
        margins
    }
}

/// One number of each row.
fn by_row(columns: &[Vec<f32>], of: fn(&[f32]) -> usize) -> Vec<f32> {
    let mut row = vec![0.0; columns.len()];
    let number = |i: usize| {
        row.iter_mut().zip(columns).for_each(|(x, column)| *x = column[i]);
        of(&row) as f32
    };
    (0..columns.first().map_or(0, Vec::len)).map(number).collect()
}

/// The place of the first of the largest numbers.
pub(super) fn largest(row: &[f32]) -> usize {
    let mut best = 0;
    for (at, x) in row.iter().enumerate() {
        if row[best] < *x {
            best = at;
        }
    }
    best
}

/// Each row's exponentials over their sum, which is a `float64`.
fn softmax(columns: &mut [Vec<f32>]) {
    each_row(columns, |row| {
        let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        row.iter_mut().for_each(|x| *x = (*x - top).exp());
        let sum: f64 = row.iter().map(|x| f64::from(*x)).sum();
        row.iter_mut().for_each(|x| *x /= sum as f32);
    });
}

/// `scipy.special.softmax(margins, axis=1)` of scipy from 1.9 on.
pub(super) fn numpy_softmax(columns: &mut [Vec<f32>]) {
    each_row(columns, |row| {
        let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        row.iter_mut().for_each(|x| *x = exp_single(*x - top));
        let sum = pairwise_sum(row);
        row.iter_mut().for_each(|x| *x /= sum);
    });
}

fn each_row(columns: &mut [Vec<f32>], change: impl Fn(&mut [f32])) {
    let mut row = vec![0.0_f32; columns.len()];
    for i in 0..columns.first().map_or(0, Vec::len) {
        row.iter_mut().zip(&*columns).for_each(|(x, column)| *x = column[i]);
        change(&mut row);
        columns.iter_mut().zip(&row).for_each(|(column, x)| column[i] = *x);
    }
}
