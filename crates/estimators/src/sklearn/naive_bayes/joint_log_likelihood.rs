//! What every naive Bayes classifier does once it has a joint log likelihood per row and class.
//!
//! `predict` takes the class with the largest, the first of equal ones; `predict_log_proba` subtracts
//! their `logsumexp`; `predict_proba` is `exp` of that.
//!
//! scipy's `logsumexp` is `log(sum(exp(x - max))) + max`, and since 1.15 `log1p(sum of the others /
//! m) + log(m) + max`, m being how often the maximum occurs. A file does not say which scipy it was
//! made with; scikit-learn 1.7 and newer are taken to have the newer one. They differ by rounding.
//!
//! Source of truth: `_BaseNB` in `sklearn/naive_bayes.py`, `scipy/special/_logsumexp.py`.

use kernels::{exp::exp, rows};

use crate::{Classes, DataError, Dense, Method, Output, State, Values, Version, unsupported};

pub(super) const METHODS: &[Method] =
    &[Method::Predict, Method::PredictProba, Method::PredictLogProba];

/// How a matrix of rows and classes lies in Python's memory; it decides the order of sums over classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    ByRows,
    ByColumns,
}

#[derive(Debug)]
pub(super) struct Posterior {
    pub(super) classes: Classes,
    log_sum_exp: LogSumExp,
}

/// scipy's `logsumexp` along the rows, as the time of the file's version had it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogSumExp {
    layout: Layout,
    log_sum: LogSum,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LogSum {
    Plain,
    MaximumApart,
}

impl Posterior {
    pub(super) fn new(state: &State<'_>, classes: Classes, layout: Layout) -> Self {
        Self { classes, log_sum_exp: LogSumExp::new(state, layout) }
    }

    /// Answers a method from the joint log likelihoods, a column per class.
    pub(super) fn answer(
        &self,
        method: Method,
        mut likelihoods: Vec<Vec<f64>>,
    ) -> Result<Output, DataError> {
        if method == Method::Predict {
            let codes = rows::argmax(&likelihoods);
            return Ok(Output::Vector(Values::Labels(codes, self.classes.clone())));
        }
        let log_sums = self.log_sum_exp.of(&likelihoods);
        for column in &mut likelihoods {
            column.iter_mut().zip(&log_sums).for_each(|(x, sum)| *x -= sum);
        }
        match method {
            Method::PredictLogProba => {}
            Method::PredictProba => likelihoods.iter_mut().for_each(|it| exp(it)),
            _ => return Err(unsupported("a naive Bayes classifier", method)),
        }
        let n_rows = likelihoods.first().map_or(0, Vec::len);
        Dense::new(n_rows, likelihoods).map(Output::dense)
    }
}

impl LogSumExp {
    pub(crate) fn new(state: &State<'_>, layout: Layout) -> Self {
        let newer = Version::new(1, 7) <= state.version();
        let log_sum = if newer { LogSum::MaximumApart } else { LogSum::Plain };
        Self { layout, log_sum }
    }

    /// A number per row of `values`, which has a column per class.
    pub(crate) fn of(&self, values: &[Vec<f64>]) -> Vec<f64> {
        let largest = rows::max(values);
        match self.log_sum {
            LogSum::Plain => {
                let shift = largest.iter().map(|&x| if x.is_finite() { x } else { 0.0 });
                let shift: Vec<f64> = shift.collect();
                let mut sums = self.sums(&shifted(values, &shift));
                sums.iter_mut().zip(shift).for_each(|(sum, max)| *sum = sum.ln() + max);
                sums
            }
            LogSum::MaximumApart => self.with_maximum_apart(values, &largest),
        }
    }

    fn with_maximum_apart(&self, values: &[Vec<f64>], largest: &[f64]) -> Vec<f64> {
        let mut others = values.to_vec();
        let mut counts = vec![0.0; largest.len()];
        for column in &mut others {
            for ((x, max), count) in column.iter_mut().zip(largest).zip(&mut counts) {
                if x == max {
                    *x = f64::NEG_INFINITY;
                    *count += 1.0;
                }
            }
        }
        let mut results = self.sums(&shifted(&others, largest));
        for ((result, count), max) in results.iter_mut().zip(&counts).zip(largest) {
            let rest = if *result == 0.0 { 0.0 } else { *result / count };
            *result = rest.ln_1p() + f64::ln(*count) + max;
        }
        if results.iter().any(|it| !it.is_finite()) {
            let direct = self.sums(&shifted(values, &vec![0.0; largest.len()]));
            for (result, sum) in results.iter_mut().zip(direct).filter(|(it, _)| !it.is_finite()) {
                *result = sum.ln();
            }
        }
        results
    }

    fn sums(&self, columns: &[Vec<f64>]) -> Vec<f64> {
        match self.layout {
            Layout::ByRows => rows::sums(columns),
            Layout::ByColumns => rows::sums_in_column_order(columns),
        }
    }
}

/// `exp(x - shift)`.
fn shifted(columns: &[Vec<f64>], shift: &[f64]) -> Vec<Vec<f64>> {
    let shifted = columns.iter().map(|column| {
        let mut column: Vec<f64> = column.iter().zip(shift).map(|(x, shift)| x - shift).collect();
        exp(&mut column);
        column
    });
    shifted.collect()
}
