//! `PLSRegression`, `PLSCanonical` and `CCA`: rows rotated onto directions that go with the targets, and
//! the targets as weighted sums of the rows.
//!
//! | attribute              | shape  | meaning                                              | since |
//! |------------------------|--------|------------------------------------------------------|-------|
//! | `x_rotations_`         | (p, k) | the directions                                       | any   |
//! | `x_loadings_`          | (p, k) | the way back                                         | any   |
//! | `coef_`                | (p, q) | weights of centred and scaled rows                   | any   |
//! | `_coef_`               | (q, p) | the same, transposed                                 | 1.1   |
//! | `coef_`                | (q, p) | `_coef_` under its old name                          | 1.3   |
//! | `coef_`                | (q, p) | weights of rows that are centred, but not scaled     | 1.5   |
//! | `intercept_`           | (q,)   | added to the weighted sums; `y_mean_` before         | 1.1   |
//! | `_predict_1d`          | bool   | predictions have one dimension, as the targets had   | 1.3   |
//!
//! Means and standard deviations: see `centred.rs`. `inverse_transform` came with 0.22.
//!
//! Output: `predict` shape (n, q), or (n,); `transform` (n, k); `inverse_transform` (n, p).
//!
//! Source of truth: `_PLS` in `sklearn/cross_decomposition/_pls.py`.

use kernels::blas::{Layout, matrix_product, matrix_vector};

use super::centred::{Centred, spelled};
use crate::sklearn::blas::layout;
use crate::{
    Block, ClassSpec, DataError, Dense, Dtype, Estimator, Matrix, Method, Nan, Output, ReadError,
    State, Version, unsupported,
};

const METHODS: &[Method] = &[Method::Predict, Method::Transform, Method::InverseTransform];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read: |state| Ok(Box::new(Pls::read(state)?)) }
}

/// The newest path, then those of older versions.
pub(crate) const CLASSES: &[&ClassSpec] = &[
    &class(&[
        "sklearn.cross_decomposition._pls.CCA",
        "sklearn.cross_decomposition._cca.CCA", // until 0.23
        "sklearn.cross_decomposition.cca_.CCA", // until 0.21
    ]),
    &class(&[
        "sklearn.cross_decomposition._pls.PLSCanonical",
        "sklearn.cross_decomposition.pls_.PLSCanonical", // until 0.21
    ]),
    &class(&[
        "sklearn.cross_decomposition._pls.PLSRegression",
        "sklearn.cross_decomposition.pls_.PLSRegression", // until 0.21
    ]),
];

#[derive(Debug)]
struct Pls {
    x: Centred,
    /// A row per component.
    rotations: Matrix,
    /// A row per feature.
    loadings: Matrix,
    /// A row per target.
    coef: Matrix,
    intercept: Vec<f64>,
    /// Whether the weights are for rows that were divided by their standard deviations.
    scales: bool,
    one_dimension: bool,
    layout: Layout,
    methods: &'static [Method],
}

impl Pls {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let version = state.version();
        let rotations = state.matrix("x_rotations_")?;
        let (n_features, n_components) = (rotations.n_rows, rotations.n_cols);
        state.charge(rotations.data.len().saturating_mul(16))?;
        let mean_of_targets = spelled(state, "_y_mean", "y_mean_");
        let intercept = state.floats(match version {
            it if it < Version::new(1, 1) => mean_of_targets,
            _ => "intercept_",
        })?;
        let coef = read_coef(state, n_features, intercept.len())?;
        let one_dimension = state.flag_or("_predict_1d", false)?;
        if one_dimension && coef.n_rows != 1 {
            return Err(state.invalid("predicts one target, but has weights for another number"));
        }
        Ok(Self {
            x: Centred::read(state, n_features)?,
            rotations: turned(&rotations),
            loadings: state.matrix_of("x_loadings_", n_features, n_components)?,
            coef,
            intercept,
            scales: version < Version::new(1, 5),
            one_dimension,
            layout: layout(state),
            methods: if version < Version::new(0, 22) { &METHODS[..2] } else { METHODS },
        })
    }

    fn predict(&self, input: Block) -> Result<Output, DataError> {
        let x = if self.scales { self.x.scaled(input)? } else { self.x.centred(input)? };
        let mut targets = product(&x, &self.coef, self.layout);
        for (column, intercept) in targets.iter_mut().zip(&self.intercept) {
            column.iter_mut().for_each(|it| *it += intercept);
        }
        if self.one_dimension {
            return Ok(Output::floats(targets.pop().unwrap_or_default()));
        }
        Dense::new(x.n_rows(), targets).map(Output::dense)
    }

    fn transform(&self, input: Block) -> Result<Output, DataError> {
        let x = self.x.scaled(input)?;
        Dense::new(x.n_rows(), product(&x, &self.rotations, self.layout)).map(Output::dense)
    }

    fn inverse_transform(&self, input: Block) -> Result<Output, DataError> {
        let mut scores = input.into_dense(self.loadings.n_cols)?;
        scores.check_finite(Nan::Refused)?;
        scores.dtype = Dtype::Float64;
        let mut x = product(&scores, &self.loadings, self.layout);
        for (column, (std, mean)) in x.iter_mut().zip(self.x.std.iter().zip(&self.x.mean)) {
            column.iter_mut().for_each(|x| *x = *x * std + mean);
        }
        Dense::new(scores.n_rows(), x).map(Output::dense)
    }
}

impl Estimator for Pls {
    fn n_features_in(&self) -> usize {
        self.coef.n_cols
    }

    fn methods(&self) -> &[Method] {
        self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Predict => self.predict(input),
            Method::Transform => self.transform(input),
            Method::InverseTransform => self.inverse_transform(input),
            _ => Err(unsupported("PLS", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.rotations.n_rows)
    }
}

/// The weights with a row per target.
fn read_coef(state: &State<'_>, n_features: usize, targets: usize) -> Result<Matrix, ReadError> {
    let version = state.version();
    if version < Version::new(1, 1) {
        let coef = state.matrix_of("coef_", n_features, targets)?;
        state.charge(coef.data.len().saturating_mul(8))?;
        return Ok(turned(&coef));
    }
    let name = if version < Version::new(1, 3) { "_coef_" } else { "coef_" };
    state.matrix_of(name, targets, n_features)
}

/// The rows times each row of weights, a column each. One column is made by other code of BLAS.
pub(super) fn product(x: &Dense, weights: &Matrix, layout: Layout) -> Vec<Vec<f64>> {
    if weights.n_rows == 1 {
        return vec![matrix_vector(&x.slices(), &weights.data, x.n_rows(), layout)];
    }
    matrix_product(&x.slices(), weights.rows(), x.n_rows())
}

/// The matrix with rows and columns exchanged.
pub(super) fn turned(matrix: &Matrix) -> Matrix {
    let Matrix { n_rows, n_cols, data } = matrix;
    let column = |j: usize| data.iter().skip(j).step_by((*n_cols).max(1)).copied();
    let turned = (0..*n_cols).flat_map(column).collect();
    Matrix { n_rows: *n_cols, n_cols: *n_rows, data: turned }
}
