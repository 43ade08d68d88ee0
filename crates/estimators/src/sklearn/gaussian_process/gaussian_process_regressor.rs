//! `GaussianProcessRegressor`: predicts by its covariance with the training rows.
//!
//! | attribute       | shape          | meaning                                              | since |
//! |-----------------|----------------|------------------------------------------------------|-------|
//! | `X_train_`      | (n, p)         | training rows                                        | any   |
//! | `kernel_`       | kernel         | see `kernel.rs`                                      | any   |
//! | `alpha_`        | (n,) or (n, t) | weights of the training rows                         | any   |
//! | `L_`            | (n, n)         | Cholesky factor of the training rows' covariance     | any   |
//! | `_y_train_mean` | (1,) or (t,)   | added to what is predicted                           | any   |
//! | `_y_train_std`  | number or (t,) | multiplied before; absent: 1                         | 0.23  |
//!
//! Output: shape (n,), or (n, t) for several targets (from 1.1 also one target gives (n,) however it was
//! given); with standard deviations one per target from 1.0, before one for all. Python solves for these by
//! LAPACK and BLAS, until 0.24 with other formulas; they agree to rounding, which a small variance magnifies.
//!
//! Source of truth: `GaussianProcessRegressor.predict` in `sklearn/gaussian_process/_gpr.py`.

use kernels::blas::{Layout, matrix_product, matrix_vector};

use super::kernel::TrainedKernel;
use super::triangle::Triangle;
use crate::sklearn::blas::rest;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Matrix, Method, Nan, Output, ReadError, State,
    Values, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.gaussian_process._gpr.GaussianProcessRegressor",
        "sklearn.gaussian_process.gpr.GaussianProcessRegressor", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(GaussianProcessRegressor::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::PredictWithStd];

#[derive(Debug)]
struct GaussianProcessRegressor {
    kernel: TrainedKernel,
    /// A row per target.
    weights: Matrix,
    one_target: bool,
    mean: Vec<f64>,
    scale: Vec<f64>,
    scale_first: bool,
    factor: Triangle,
    /// Factors of the variance; several only since 1.0.
    variances: Vec<f64>,
    layout: Layout,
}

impl GaussianProcessRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let kernel = TrainedKernel::read(state)?;
        let n = kernel.n_rows();
        let (weights, one_target) = read_weights(state, n)?;
        let targets = weights.n_rows;
        let mean = per_target(state, "_y_train_mean", targets)?;
        let scale = match state.has("_y_train_std") {
            true => per_target(state, "_y_train_std", targets)?,
            false => vec![1.0],
        };
        let scale_first = Version::new(0, 23) <= state.version();
        let variances = scale.iter().map(|it| it * it).collect();
        Ok(Self {
            factor: Triangle::read(state, n)?,
            kernel,
            weights,
            one_target,
            mean,
            scale,
            scale_first,
            variances,
            layout: Layout::Rows(rest(state.version())),
        })
    }

    fn means(&self, values: &[Vec<f64>], n_rows: usize) -> Output {
        let inputs: Vec<&[f64]> = values.iter().map(Vec::as_slice).collect();
        let mut columns = match self.weights.n_rows {
            1 => vec![matrix_vector(&inputs, &self.weights.data, n_rows, self.layout)],
            _ => matrix_product(&inputs, self.weights.rows(), n_rows),
        };
        let factors = self.scale.iter().cycle().zip(self.mean.iter().cycle());
        for (column, (scale, mean)) in columns.iter_mut().zip(factors) {
            if self.scale_first {
                column.iter_mut().for_each(|x| *x = scale * *x + mean);
            } else {
                column.iter_mut().for_each(|x| *x += mean);
            }
        }
        output(columns, self.one_target)
    }

    fn deviations(&self, x: &Dense, values: &[Vec<f64>]) -> Output {
        let mut variances = self.kernel.diagonal(x);
        let explained = self.factor.squared_lengths(values, x.n_rows());
        for (variance, explained) in variances.iter_mut().zip(explained) {
            *variance -= explained;
            if *variance < 0.0 {
                *variance = 0.0;
            }
        }
        let columns = self
            .variances
            .iter()
            .map(|factor| variances.iter().map(|variance| (variance * factor).sqrt()).collect());
        output(columns.collect(), self.variances.len() == 1)
    }
}

fn read_weights(state: &State<'_>, n: usize) -> Result<(Matrix, bool), ReadError> {
    match *state.array("alpha_")?.shape {
        [_] => {
            let data = state.floats_len("alpha_", n)?;
            Ok((Matrix { n_rows: 1, n_cols: n, data }, true))
        }
        [_, targets] if targets != 0 => {
            let squeezed = Version::new(1, 1) <= state.version();
            let weights = state.matrix_of("alpha_", n, targets)?.transposed();
            Ok((weights, targets == 1 && squeezed))
        }
        _ => Err(state.get("alpha_")?.wrong("weights of one or two dimensions")),
    }
}

/// One number for all targets, or one each.
fn per_target(state: &State<'_>, name: &str, targets: usize) -> Result<Vec<f64>, ReadError> {
    let place = state.get(name)?;
    let numbers = match place.as_float() {
        Ok(it) => vec![it],
        Err(_) => place.as_floats()?,
    };
    match numbers.len() {
        len if len == 1 || len == targets => Ok(numbers),
        len => Err(place.invalid(format!("has {len} values for {targets} targets"))),
    }
}

fn output(columns: Vec<Vec<f64>>, vector: bool) -> Output {
    let mut values: Vec<Values> = columns.into_iter().map(Values::Float).collect();
    match values.pop() {
        Some(only) if vector => Output::Vector(only),
        last => {
            values.extend(last);
            Output::Columns(values)
        }
    }
}

impl Estimator for GaussianProcessRegressor {
    fn n_features_in(&self) -> usize {
        self.kernel.n_features()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = input.into_dense(self.kernel.n_features())?;
        x.check_finite(Nan::Refused)?;
        let values = self.kernel.values(&x)?;
        let means = self.means(&values, x.n_rows());
        match method {
            Method::Predict => Ok(means),
            Method::PredictWithStd => {
                Ok(Output::Parts(vec![("", means), ("std", self.deviations(&x, &values))]))
            }
            _ => Err(unsupported("GaussianProcessRegressor", method)),
        }
    }
}
