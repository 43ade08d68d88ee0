//! `GaussianProcessClassifier`: Laplace's approximation for two classes, and several of it for more.
//!
//! | attribute         | shape     | meaning                                                     | since |
//! |-------------------|-----------|-------------------------------------------------------------|-------|
//! | `base_estimator_` | estimator | the classifier of two classes, or a one-vs-rest or one-vs-one of them | any |
//! | `classes_`        | (k,)      | class labels                                                | any   |
//! | `multi_class`     | text      | `one_vs_one` has no probabilities for more than two classes | any   |
//!
//! Of the classifier of two classes:
//!
//! | attribute             | shape  | meaning                                                     | since |
//! |-----------------------|--------|-------------------------------------------------------------|-------|
//! | `X_train_`, `kernel_` |        | see `kernel.rs`                                             | any   |
//! | `y_train_`            | (n,)   | 0 and 1                                                     | any   |
//! | `pi_`                 | (n,)   | probabilities of the training rows                          | any   |
//! | `W_sr_`               | (n,)   | roots of the second derivatives                             | any   |
//! | `L_`                  | (n, n) | Cholesky factor                                             | any   |
//!
//! The logistic function is taken as a sum of five error functions (C. Williams and D. Barber, 1998), whose
//! weights are in the thousands, so that probabilities magnify rounding a thousandfold; LAPACK solves in an
//! order of its own.
//!
//! Source of truth: `GaussianProcessClassifier` in `sklearn/gaussian_process/_gpc.py`.

use std::f64::consts::PI;

use kernels::blas::{Layout, matrix_vector};
use kernels::normal::erf;

use super::kernel::TrainedKernel;
use super::triangle::Triangle;
use crate::{
    Block, ClassSpec, Classes, ColumnKind, DataError, Dense, Estimator, Method, Nan, Output,
    ReadError, State, Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.gaussian_process._gpc.GaussianProcessClassifier",
        "sklearn.gaussian_process.gpc.GaussianProcessClassifier", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(GaussianProcessClassifier::read(state)?)),
};

pub(super) const LAPLACE: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.gaussian_process._gpc._BinaryGaussianProcessClassifierLaplace",
        "sklearn.gaussian_process.gpc._BinaryGaussianProcessClassifierLaplace", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(Laplace::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::PredictProba];

/// Factors of the error functions' arguments, and their weights.
const ERROR_FUNCTIONS: [(f64, f64); 5] = [
    (0.41, -1854.8214151),
    (0.4, 3516.89893646),
    (0.37, 221.29346712),
    (0.44, 128.12323805),
    (0.39, -2010.49422654),
];

#[derive(Debug)]
struct GaussianProcessClassifier {
    base: Box<dyn Estimator>,
    classes: Classes,
    methods: &'static [Method],
}

impl GaussianProcessClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let base = state.estimator("base_estimator_")?;
        state.n_features_in(base.n_features_in())?;
        let classes = state.classes("classes_")?;
        if base.classes() != [classes.clone()] {
            return Err(state.get("base_estimator_")?.invalid("has other classes"));
        }
        let kind = state.get("multi_class")?;
        let methods = match kind.as_text()? {
            "one_vs_one" if classes.len() != 2 => &METHODS[..1],
            "one_vs_one" | "one_vs_rest" => METHODS,
            it => return Err(kind.unsupported(format!("is {it:?}, which is not supported"))),
        };
        Ok(Self { base, classes, methods })
    }
}

impl Estimator for GaussianProcessClassifier {
    fn n_features_in(&self) -> usize {
        self.base.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("this GaussianProcessClassifier", method));
        }
        let x = input.into_dense(self.n_features_in())?;
        x.check_finite(Nan::Refused)?;
        self.base.call(method, Block::Dense(x))
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        vec![ColumnKind::Number; self.n_features_in()]
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.classes)
    }
}

/// The classifier of two classes.
#[derive(Debug)]
struct Laplace {
    kernel: TrainedKernel,
    classes: Classes,
    /// `y_train_ - pi_`
    weights: Vec<f64>,
    roots: Vec<f64>,
    factor: Triangle,
}

impl Laplace {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let kernel = TrainedKernel::read(state)?;
        let n = kernel.n_rows();
        let classes = state.classes("classes_")?;
        if classes.len() != 2 {
            return Err(state.get("classes_")?.wrong("two classes"));
        }
        let (y, pi) = (state.floats_len("y_train_", n)?, state.floats_len("pi_", n)?);
        Ok(Self {
            classes,
            weights: y.iter().zip(&pi).map(|(y, pi)| y - pi).collect(),
            roots: state.floats_len("W_sr_", n)?,
            factor: Triangle::read(state, n)?,
            kernel,
        })
    }

    /// The latent function: positive for the second class.
    fn latent(&self, values: &[Vec<f64>], n_rows: usize) -> Vec<f64> {
        let inputs: Vec<&[f64]> = values.iter().map(Vec::as_slice).collect();
        matrix_vector(&inputs, &self.weights, n_rows, Layout::Columns)
    }

    fn predict_proba(&self, x: &Dense, mut values: Vec<Vec<f64>>) -> Result<Output, DataError> {
        let latent = self.latent(&values, x.n_rows());
        for (column, root) in values.iter_mut().zip(&self.roots) {
            column.iter_mut().for_each(|x| *x *= root);
        }
        let explained = self.factor.squared_lengths(&values, x.n_rows());
        let variances = self.kernel.diagonal(x).into_iter().zip(explained);
        let second: Vec<f64> =
            latent.iter().zip(variances).map(|(f, (k, v))| probability(*f, k - v)).collect();
        let first = second.iter().map(|p| 1.0 - p).collect();
        Dense::new(x.n_rows(), vec![first, second]).map(Output::dense)
    }
}

/// Of the second class, for a latent function with this mean and variance.
fn probability(mean: f64, variance: f64) -> f64 {
    let alpha = 1.0 / (2.0 * variance);
    let front = (PI / alpha).sqrt();
    let below = 2.0 * (variance * 2.0 * PI).sqrt();
    let terms = ERROR_FUNCTIONS.iter().map(|(lambda, weight)| {
        let argument = lambda * mean * (alpha / (alpha + lambda * lambda)).sqrt();
        weight * (front * erf(argument) / below)
    });
    let weights = ERROR_FUNCTIONS.iter().fold(0.0, |sum, (_, weight)| sum + weight);
    terms.fold(0.0, |sum, term| sum + term) + 0.5 * weights
}

impl Estimator for Laplace {
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
        match method {
            Method::Predict => {
                let latent = self.latent(&values, x.n_rows());
                let codes = latent.iter().map(|&f| u32::from(0.0 < f)).collect();
                Ok(Output::Vector(Values::Labels(codes, self.classes.clone())))
            }
            Method::PredictProba => self.predict_proba(&x, values),
            _ => Err(unsupported("a Gaussian process classifier", method)),
        }
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.classes)
    }
}
