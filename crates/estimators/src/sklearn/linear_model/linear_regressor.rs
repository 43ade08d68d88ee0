//! Linear regressors: `X @ coef_.T + intercept_`. They differ in how they are trained, not in how they
//! predict, so they share this file.
//!
//! | attribute    | shape          | meaning                         | since |
//! |--------------|----------------|---------------------------------|-------|
//! | `coef_`      | (p,) or (t, p) | weights, one row per target     | any   |
//! | `intercept_` | () or (t,)     | added to the weighted sum       | any   |
//!
//! Output: shape (n,) if `coef_` has one dimension, else (n, t).
//!
//! Python sums by a BLAS whose order of additions differs from machine to machine; here products are
//! added in column order, so results agree to the rounding of the sum.
//!
//! Source of truth: `LinearModel._decision_function` in `sklearn/linear_model/_base.py`.

use crate::{
    Block, ClassSpec, DataError, Estimator, Matrix, Method, Nan, Output, ReadError, State, Values,
    unsupported,
};

const METHODS: &[Method] = &[Method::Predict];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read: |state| Ok(Box::new(LinearRegressor::read(state)?)) }
}

pub(super) const LINEAR_REGRESSION: ClassSpec = class(&[
    "sklearn.linear_model._base.LinearRegression",
    "sklearn.linear_model.base.LinearRegression", // until 0.21
]);

#[derive(Debug)]
struct LinearRegressor {
    coef: Matrix,
    intercept: Vec<f64>,
    one_target: bool,
}

impl LinearRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let one_target = state.array("coef_")?.shape.len() == 1;
        let coef = state.matrix("coef_")?;
        state.n_features_in(coef.n_cols)?;
        let intercept = match state.get("intercept_")?.as_float() {
            Ok(it) => vec![it; coef.n_rows],
            Err(_) => state.floats_len("intercept_", coef.n_rows)?,
        };
        Ok(Self { coef, intercept, one_target })
    }
}

impl Estimator for LinearRegressor {
    fn n_features_in(&self) -> usize {
        self.coef.n_cols
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("a linear regressor", method));
        }
        let x = input.into_dense(self.coef.n_cols)?;
        x.check_finite(Nan::Refused)?;
        let mut targets = self.coef.rows().zip(&self.intercept).map(|(weights, intercept)| {
            let mut sum = vec![0.0; x.n_rows()];
            for (column, weight) in x.columns().iter().zip(weights) {
                sum.iter_mut().zip(column.iter()).for_each(|(sum, x)| *sum += x * weight);
            }
            sum.iter_mut().for_each(|sum| *sum += intercept);
            Values::Float(sum)
        });
        match targets.next() {
            Some(only) if self.one_target => Ok(Output::Vector(only)),
            first => Ok(Output::Columns(first.into_iter().chain(targets).collect())),
        }
    }
}
