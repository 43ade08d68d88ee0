//! `IsotonicRegression`: a monotonic function of one column, linear between its points.
//!
//! | attribute                        | shape              | meaning                                  | since |
//! |----------------------------------|--------------------|------------------------------------------|-------|
//! | `X_thresholds_`, `y_thresholds_` | (points,)          | ascending places, and values there       | 0.24 (`_necessary_X_`, `_necessary_y_` until then) |
//! | `out_of_bounds`                  | nan, clip or raise | what is beyond the first and last place  | any   |
//! | `X_min_`, `X_max_`               | float              | first and last place, for `clip`         | any   |
//!
//! It takes one column and gives one value a row, by `predict` and `transform` alike. A function of one
//! point is constant. NaN and infinities are refused since 0.21. The function itself (scipy's `interp1d`)
//! is not in the file.
//!
//! Not supported: points in `float32`, between which scipy's formula changed; the file does not tell its
//! version.
//!
//! Source of truth: `IsotonicRegression` in `sklearn/isotonic.py`, `interp1d` in scipy, `numpy.interp`.

use object_graph::Scalar;

use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Nan, Output, ReadError, State, Version,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.isotonic.IsotonicRegression"],
    methods: METHODS,
    read: |state| Ok(Box::new(IsotonicRegression::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::Transform];

#[derive(Debug)]
pub(crate) struct IsotonicRegression {
    places: Vec<f64>,
    values: Vec<f64>,
    beyond: Beyond,
    checks_finite: bool,
}

/// What becomes of a number before the first or after the last place.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Beyond {
    Nan,
    Clip(f64, f64),
    Refused,
}

impl IsotonicRegression {
    pub(crate) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let [x, y] = match state.has("_necessary_X_") {
            true => ["_necessary_X_", "_necessary_y_"],
            false => ["X_thresholds_", "y_thresholds_"],
        };
        let places = state.floats(x)?;
        let values = state.floats_len(y, places.len())?;
        if state.array(x)?.dtype.scalar == Scalar::Float && state.array(x)?.dtype.itemsize != 8 {
            return Err(state.get(x)?.unsupported("is not float64"));
        }
        let ascends = places.is_sorted_by(|a, b| a < b) && places.iter().all(|x| x.is_finite());
        if places.is_empty() || !ascends {
            return Err(state.get(x)?.wrong("finite numbers, each above the one before"));
        }
        let checks_finite = Version::new(0, 21) <= state.version();
        Ok(Self { places, values, beyond: Beyond::read(state)?, checks_finite })
    }

    /// The function at each of `x`; `row` of a refusal is a place in `x`.
    pub(crate) fn values_at(&self, x: &[f64]) -> Result<Vec<f64>, DataError> {
        if self.checks_finite {
            x.iter().enumerate().try_for_each(|(row, x)| Nan::Refused.check(row, 0, *x))?;
        }
        x.iter().enumerate().map(|(row, x)| self.value_at(row, *x)).collect()
    }

    fn value_at(&self, row: usize, x: f64) -> Result<f64, DataError> {
        let (first, last) = (self.places[0], self.places[self.places.len() - 1]);
        if self.places.len() == 1 {
            return Ok(self.values[0]);
        }
        let x = match self.beyond {
            Beyond::Clip(low, _) if x < low => low,
            Beyond::Clip(_, high) if high < x => high,
            _ => x,
        };
        if x < first || last < x {
            return match self.beyond {
                Beyond::Refused => Err(refusal(row, x, first, last)),
                _ => Ok(f64::NAN),
            };
        }
        Ok(self.between(x))
    }

    /// `numpy.interp` inside the bounds.
    fn between(&self, x: f64) -> f64 {
        let after = self.places.partition_point(|it| *it <= x);
        let (Some(j), false) = (after.checked_sub(1), x.is_nan()) else { return f64::NAN };
        if after == self.places.len() || self.places[j] == x {
            return self.values[j];
        }
        let (x0, x1) = (self.places[j], self.places[after]);
        let (y0, y1) = (self.values[j], self.values[after]);
        let slope = (y1 - y0) / (x1 - x0);
        let y = slope * (x - x0) + y0;
        if !y.is_nan() {
            return y;
        }
        let y = slope * (x - x1) + y1;
        if y.is_nan() && y0 == y1 { y0 } else { y }
    }
}

impl Beyond {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        match state.text("out_of_bounds")? {
            "nan" => Ok(Self::Nan),
            "raise" => Ok(Self::Refused),
            "clip" => Ok(Self::Clip(state.float("X_min_")?, state.float("X_max_")?)),
            it => Err(state.get("out_of_bounds")?.unsupported(format!("is {it:?}"))),
        }
    }
}

fn refusal(row: usize, x: f64, first: f64, last: f64) -> DataError {
    let text = format!("{x} is outside {first} to {last}, and out_of_bounds is \"raise\"");
    DataError::cell(row, 0, text)
}

impl Estimator for IsotonicRegression {
    fn n_features_in(&self) -> usize {
        1
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !METHODS.contains(&method) {
            return Err(unsupported("IsotonicRegression", method));
        }
        let x = input.into_dense(1)?;
        self.values_at(x.column(0)).map(Output::floats)
    }

    fn input_column(&self, _output: usize) -> Option<usize> {
        Some(0)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(1)
    }
}
