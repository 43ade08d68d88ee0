//! `Normalizer`: divides each row by its norm.
//!
//! | attribute           | shape | meaning                                              | since |
//! |---------------------|-------|------------------------------------------------------|-------|
//! | `norm`              | text  | `l1`, `l2` or `max`                                  | any   |
//! | `n_features_in_`    | int   | number of columns; absent: any                       | 0.24  |
//! | `feature_names_in_` | (p,)  | whether it was given data frames                     | 1.0   |
//!
//! A row of norm 0 (from 1.0: below ten epsilons) stays as it is. NaN and infinities are refused.
//!
//! The order of additions is numpy's, to the bit, as far as the file tells it: a data frame lies in memory
//! by columns, where numpy adds column after column; an array by rows, see [`Order`]. `einsum`, which sums
//! the squares, adds in another order up to numpy 1.20, taken to go with scikit-learn up to 0.24. An array
//! that lies otherwise than this differs by an ulp of the norm. Sparse rows are added in stored order.
//!
//! Source of truth: `normalize` in `sklearn/preprocessing/_data.py`, `row_norms` in `sklearn/utils/extmath.py`,
//! `sum_of_products` in numpy's `einsum_sumprod.c.src`.

use kernels::einsum::{Order, square_sums};
use kernels::sum::pairwise_sum;

use crate::{
    Block, ClassSpec, ColumnKind, Csr, DataError, Dense, Estimator, Method, Nan, Output, Precision,
    ReadError, State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.preprocessing._data.Normalizer",
        "sklearn.preprocessing.data.Normalizer", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(Normalizer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct Normalizer {
    /// 0: any number.
    n_features: usize,
    norm: Norm,
    order: Order,
    /// Norms below this many epsilons count as 0.
    epsilons: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Norm {
    L1,
    L2,
    Max,
    /// Until 0.22: the largest value, not the largest magnitude.
    SignedMax,
}

impl Normalizer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let version = state.version();
        let n_features = match state.has("n_features_in_") {
            true => state.width("n_features_in_")?,
            false => 0,
        };
        let norm = match state.text("norm")? {
            "l1" => Norm::L1,
            "l2" => Norm::L2,
            "max" if version < Version::new(0, 23) => Norm::SignedMax,
            "max" => Norm::Max,
            it => return Err(state.get("norm")?.unsupported(format!("is {it:?}"))),
        };
        let order = match version < Version::new(1, 0) {
            true => Order::OldRows,
            false if state.has("feature_names_in_") => Order::Columns,
            false => Order::Rows,
        };
        let epsilons = if version < Version::new(1, 0) { 0.0 } else { 10.0 };
        Ok(Self { n_features, norm, order, epsilons })
    }

    fn dense(&self, mut x: Dense) -> Dense {
        let (epsilon, round): (f64, fn(f64) -> f64) = match x.precision() {
            Precision::Double => (f64::EPSILON, |x| x),
            Precision::Single => (f64::from(f32::EPSILON), |x| f64::from(x as f32)),
        };
        let mut norms = match (self.norm, x.precision()) {
            (Norm::L1, _) => self.absolute_sums(&x, round),
            (Norm::L2, Precision::Double) => {
                square_sums(&x.slices(), x.n_rows(), self.order, 2, |x| x)
            }
            (Norm::L2, Precision::Single) => {
                square_sums(&x.slices(), x.n_rows(), self.order, 4, round)
            }
            (Norm::Max, _) => largest(&x, f64::abs),
            (Norm::SignedMax, _) => largest(&x, |x| x),
        };
        if self.norm == Norm::L2 {
            norms.iter_mut().for_each(|it| *it = round(it.sqrt()));
        }
        for norm in &mut norms {
            if *norm == 0.0 || *norm < self.epsilons * epsilon {
                *norm = 1.0;
            }
        }
        x.map_columns(|_, column| {
            column.iter_mut().zip(&norms).for_each(|(x, norm)| *x = round(*x / norm));
        });
        x
    }

    fn absolute_sums(&self, x: &Dense, round: fn(f64) -> f64) -> Vec<f64> {
        if self.order == Order::Columns || x.n_cols() < 8 {
            let mut sums = vec![0.0; x.n_rows()];
            for column in x.columns() {
                sums.iter_mut()
                    .zip(column.iter())
                    .for_each(|(sum, x)| *sum = round(*sum + x.abs()));
            }
            return sums;
        }
        let mut row = Vec::with_capacity(x.n_cols());
        let sum = |index| {
            x.copy_row(index, &mut row);
            row.iter_mut().for_each(|x| *x = x.abs());
            match x.precision() {
                Precision::Double => pairwise_sum(&row),
                Precision::Single => rounded_pairwise_sum(&row, round),
            }
        };
        (0..x.n_rows()).map(sum).collect()
    }

    fn sparse(&self, x: &Csr) -> Csr {
        let mut normalized = Csr::new(x.n_cols());
        normalized.dtype = x.precision().into();
        normalized.reserve(x.n_rows(), x.n_stored());
        let single = x.precision() == Precision::Single;
        let round = |x: f64| if single { f64::from(x as f32) } else { x };
        for row in 0..x.n_rows() {
            let values = || x.row(row).map(|(_, x)| x);
            // The sum is a double even of floats; of floats each square is a float.
            let norm = match self.norm {
                Norm::L1 => values().map(f64::abs).fold(0.0, |sum, x| sum + x),
                Norm::L2 => values().map(|x| round(x * x)).fold(0.0, |sum: f64, x| sum + x).sqrt(),
                Norm::Max => values().map(f64::abs).fold(0.0, f64::max),
                // Columns that are not stored are 0.
                Norm::SignedMax => {
                    let all = x.row(row).count() == x.n_cols() && 0 < x.n_cols();
                    values().fold(if all { f64::NEG_INFINITY } else { 0.0 }, f64::max)
                }
            };
            let norm = if norm == 0.0 { 1.0 } else { norm };
            x.row(row).for_each(|(column, x)| normalized.push(column, round(x / norm)));
            normalized.end_row();
        }
        normalized
    }
}

fn largest(x: &Dense, of: fn(f64) -> f64) -> Vec<f64> {
    let mut norms = vec![f64::NEG_INFINITY; x.n_rows()];
    for column in x.columns() {
        norms.iter_mut().zip(column.iter()).for_each(|(norm, &x)| *norm = norm.max(of(x)));
    }
    norms
}

/// [`pairwise_sum`] of `float32`: each addition is rounded.
fn rounded_pairwise_sum(values: &[f64], round: fn(f64) -> f64) -> f64 {
    if 128 < values.len() {
        let half = values.len() / 2;
        let (low, high) = values.split_at(half - half % 8);
        return round(rounded_pairwise_sum(low, round) + rounded_pairwise_sum(high, round));
    }
    let mut sums = [0.0; 8];
    let mut eights = values.chunks_exact(8);
    for eight in eights.by_ref() {
        sums.iter_mut().zip(eight).for_each(|(sum, x)| *sum = round(*sum + x));
    }
    let [a, b, c, d, e, f, g, h] = sums;
    let (low, high) = (round(round(a + b) + round(c + d)), round(round(e + f) + round(g + h)));
    eights.remainder().iter().fold(round(low + high), |sum, x| round(sum + x))
}

impl Estimator for Normalizer {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("Normalizer", method));
        }
        if self.n_features != 0 {
            input.check_width(self.n_features)?;
        }
        if let Block::Sparse(x) = &input {
            x.check_finite(Nan::Refused)?;
            return Ok(Output::Block(Block::Sparse(self.sparse(x))));
        }
        let x = input.into_numbers()?;
        x.check_finite(Nan::Refused)?;
        Ok(Output::dense(self.dense(x)))
    }

    fn column_kinds_for(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        let width = if self.n_features == 0 { wanted.len() } else { self.n_features };
        vec![ColumnKind::Number; width]
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        Some(output)
    }

    fn n_features_out(&self) -> Option<usize> {
        (self.n_features != 0).then_some(self.n_features)
    }
}
