//! Functions from a classifier's score to a probability.
//!
//! | class                 | attributes          | meaning                              | since |
//! |-----------------------|---------------------|--------------------------------------|-------|
//! | `_SigmoidCalibration` | `a_`, `b_`          | `1 / (1 + exp(a * score + b))`       | any   |
//! | `IsotonicRegression`  | see there           | a monotonic function                 | any   |
//! | `_TemperatureScaling` | `beta_`             | softmax of `beta` times the scores   | 1.8   |
//!
//! Source of truth: `_SigmoidCalibration`, `_TemperatureScaling` in `sklearn/calibration.py`.

use kernels::rows;

use crate::sklearn::isotonic::IsotonicRegression;
use crate::{DataError, ReadError, State};

/// A function of one column of scores.
#[derive(Debug)]
pub(super) enum Calibrator {
    Sigmoid { a: f64, b: f64 },
    Isotonic(IsotonicRegression),
}

impl Calibrator {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        match state.class().map(|it| it.to_string()).unwrap_or_default().as_str() {
            "sklearn.calibration._SigmoidCalibration" => {
                Ok(Self::Sigmoid { a: number(state, "a_")?, b: number(state, "b_")? })
            }
            "sklearn.isotonic.IsotonicRegression" => {
                IsotonicRegression::read(state).map(Self::Isotonic)
            }
            it => Err(state.unsupported(format!("is a {it}, which is not supported"))),
        }
    }

    pub(super) fn probabilities(&self, scores: &[f64]) -> Result<Vec<f64>, DataError> {
        match self {
            Self::Sigmoid { a, b } => {
                let mut values: Vec<f64> = scores.iter().map(|x| -(a * x + b)).collect();
                rows::expit(&mut values);
                Ok(values)
            }
            // The scores are no column of the input.
            Self::Isotonic(it) => it.values_at(scores).map_err(|it| it.in_column(|_| None)),
        }
    }
}

/// A function of the scores of all classes.
#[derive(Debug)]
pub(super) struct Temperature {
    beta: f64,
}

/// Kept from the logarithm of 0.
const EPSILON: f64 = 1e-12;

impl Temperature {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let class = state.class().map(|it| it.to_string()).unwrap_or_default();
        if class != "sklearn.calibration._TemperatureScaling" {
            return Err(state.wrong("a sklearn.calibration._TemperatureScaling"));
        }
        Ok(Self { beta: number(state, "beta_")? })
    }

    /// Of decisions: one column of two classes, or a column for each class.
    pub(super) fn of_decisions(&self, mut decisions: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        if let [only] = decisions.as_slice() {
            let negated = only.iter().map(|x| -x).collect();
            decisions.insert(0, negated);
        }
        self.softmax(decisions)
    }

    /// Of probabilities: that of the second of two classes, or a column for each class.
    pub(super) fn of_probabilities(&self, mut columns: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        if let [only] = columns.as_slice() {
            let other = only.iter().map(|p| 1.0 - p).collect();
            columns.insert(0, other);
        }
        for column in &mut columns {
            column.iter_mut().for_each(|p| *p += EPSILON);
            rows::ln(column);
        }
        self.softmax(columns)
    }

    fn softmax(&self, mut logits: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        logits.iter_mut().flatten().for_each(|x| *x *= self.beta);
        rows::softmax(&mut logits);
        logits
    }
}

/// A number, also in an array of one.
fn number(state: &State<'_>, name: &str) -> Result<f64, ReadError> {
    let it = state.get(name)?;
    it.as_float().or_else(|_| state.floats_len(name, 1).map(|it| it[0]))
}
