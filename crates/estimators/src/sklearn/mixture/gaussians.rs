//! The log density of rows under each Gaussian of a mixture, up to what the mixture adds.
//!
//! | attribute              | shape                                   | meaning                            | since |
//! |------------------------|-----------------------------------------|------------------------------------|-------|
//! | `means_`               | (k, p)                                  | means                              | any   |
//! | `covariance_type`      | text                                    | full, tied, diag or spherical      | any   |
//! | `precisions_cholesky_` | (k, p, p), (p, p), (k, p) or (k,) in turn | Cholesky factors of the precisions | any   |
//!
//! Products are added as OpenBLAS adds them, see `kernels::blas`.
//!
//! Source of truth: `_estimate_log_gaussian_prob` in `sklearn/mixture/_gaussian_mixture.py`.

use std::f64::consts::PI;

use kernels::blas::{Layout, matrix_product, matrix_vector, vector_matrix};
use kernels::einsum::{Order, square_sums};
use kernels::{rows, sum::pairwise_sum};

use crate::sklearn::blas::{layout, row_order};
use crate::{Dense, Matrix, ReadError, State, Version};

#[derive(Debug)]
pub(super) struct Gaussians {
    n_features: usize,
    precisions: Precisions,
    /// One per Gaussian, half the logarithm of the precision's determinant.
    log_determinants: Vec<f64>,
    layout: Layout,
}

#[derive(Debug)]
enum Precisions {
    /// One matrix each, or one for all.
    Full(Vec<Turned>),
    /// `constants - 2 X weights + X² precisions`.
    Diagonal { constants: Vec<f64>, weights: Matrix, precisions: Matrix },
    Spherical {
        constants: Vec<f64>,
        weights: Matrix,
        precisions: Vec<f64>,
        when: When,
        order: Order,
    },
}

/// A Gaussian in coordinates in which its covariance is 1.
#[derive(Debug)]
struct Turned {
    /// A row per new coordinate.
    axes: Matrix,
    mean: Vec<f64>,
}

/// When the inner products with the means are multiplied by the precisions: until 1.7 the means are
/// before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Before,
    After,
}

impl Gaussians {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let means = state.matrix("means_")?;
        if means.n_rows == 0 || means.n_cols == 0 {
            return Err(state.get("means_")?.wrong("at least one mean of one feature"));
        }
        state.n_features_in(means.n_cols)?;
        let kind = state.get("covariance_type")?;
        let (precisions, log_determinants) = match kind.as_text()? {
            "full" => full(state, &means)?,
            "tied" => tied(state, &means)?,
            "diag" => diagonal(state, &means)?,
            "spherical" => spherical(state, &means)?,
            it => return Err(kind.unsupported(format!("is {it:?}, which is not supported"))),
        };
        let n_features = means.n_cols;
        Ok(Self { n_features, precisions, log_determinants, layout: layout(state) })
    }

    pub(super) fn n_features(&self) -> usize {
        self.n_features
    }

    pub(super) fn len(&self) -> usize {
        self.log_determinants.len()
    }

    /// A column per Gaussian.
    pub(super) fn log_densities(&self, x: &Dense) -> Vec<Vec<f64>> {
        let mut columns = match &self.precisions {
            Precisions::Full(all) => all.iter().map(|it| self.full(it, x)).collect(),
            Precisions::Diagonal { constants, weights, precisions } => {
                let mut columns = self.products(x, weights);
                let mut squares = x.clone();
                squares.map_columns(|_, column| column.iter_mut().for_each(|x| *x *= *x));
                let squares = self.products(&squares, precisions);
                for ((column, squares), constant) in columns.iter_mut().zip(squares).zip(constants)
                {
                    for (x, square) in column.iter_mut().zip(squares) {
                        *x = (constant - 2.0 * *x) + square;
                    }
                }
                columns
            }
            Precisions::Spherical { .. } => self.spherical(x),
        };
        let constant = self.n_features as f64 * (2.0 * PI).ln();
        for (column, log_determinant) in columns.iter_mut().zip(&self.log_determinants) {
            column.iter_mut().for_each(|x| *x = -0.5 * (constant + *x) + log_determinant);
        }
        columns
    }

    fn full(&self, gaussian: &Turned, x: &Dense) -> Vec<f64> {
        let mut turned = self.products(x, &gaussian.axes);
        for (column, mean) in turned.iter_mut().zip(&gaussian.mean) {
            column.iter_mut().for_each(|x| *x = (*x - mean) * (*x - mean));
        }
        rows::sums(&turned)
    }

    fn spherical(&self, x: &Dense) -> Vec<Vec<f64>> {
        let Precisions::Spherical { constants, weights, precisions, when, order } =
            &self.precisions
        else {
            return Vec::new();
        };
        let squares = square_sums(&x.slices(), x.n_rows(), *order, 2, |x| x);
        let mut columns = self.products(x, weights);
        for ((column, constant), precision) in columns.iter_mut().zip(constants).zip(precisions) {
            let factor = if *when == When::After { *precision } else { 1.0 };
            for (x, square) in column.iter_mut().zip(&squares) {
                *x = (constant - 2.0 * (*x * factor)) + square * precision;
            }
        }
        columns
    }

    fn products(&self, x: &Dense, weights: &Matrix) -> Vec<Vec<f64>> {
        match weights.n_rows {
            1 => vec![matrix_vector(&x.slices(), &weights.data, x.n_rows(), self.layout)],
            _ => matrix_product(&x.slices(), weights.rows(), x.n_rows()),
        }
    }
}

type Read = (Precisions, Vec<f64>);

const NAME: &str = "precisions_cholesky_";

fn full(state: &State<'_>, means: &Matrix) -> Result<Read, ReadError> {
    let (k, p) = (means.n_rows, means.n_cols);
    if *state.array(NAME)?.shape != [k, p, p] {
        return Err(state.get(NAME)?.invalid(format!("is not {k} matrices of {p} features")));
    }
    let data = state.floats(NAME)?;
    let matrices = data.chunks_exact(p * p);
    let turned = means.rows().zip(matrices.clone()).map(|(mean, it)| turned(mean, it));
    let turned = turned.collect();
    Ok((Precisions::Full(turned), matrices.map(|it| log_determinant(it, p)).collect()))
}

fn tied(state: &State<'_>, means: &Matrix) -> Result<Read, ReadError> {
    let p = means.n_cols;
    let matrix = state.matrix_of(NAME, p, p)?;
    state.charge(means.data.len().saturating_mul(p).saturating_mul(8))?;
    let turned = means.rows().map(|mean| turned(mean, &matrix.data)).collect();
    Ok((Precisions::Full(turned), vec![log_determinant(&matrix.data, p); means.n_rows]))
}

fn diagonal(state: &State<'_>, means: &Matrix) -> Result<Read, ReadError> {
    let cholesky = state.matrix_of(NAME, means.n_rows, means.n_cols)?;
    let log_determinants = cholesky.rows().map(log_sum).collect();
    let precisions = Matrix { data: cholesky.data.iter().map(|x| x * x).collect(), ..cholesky };
    let pairs = || means.data.iter().zip(&precisions.data);
    let squares: Vec<f64> = pairs().map(|(mean, precision)| mean * mean * precision).collect();
    let weights = pairs().map(|(mean, precision)| mean * precision).collect();
    let weights = Matrix { data: weights, ..means.clone() };
    let constants = squares.chunks_exact(means.n_cols).map(pairwise_sum).collect();
    Ok((Precisions::Diagonal { constants, weights, precisions }, log_determinants))
}

fn spherical(state: &State<'_>, means: &Matrix) -> Result<Read, ReadError> {
    let cholesky = state.floats_len(NAME, means.n_rows)?;
    let log_determinants = cholesky.iter().map(|x| means.n_cols as f64 * x.ln()).collect();
    let precisions: Vec<f64> = cholesky.iter().map(|x| x * x).collect();
    let when = if state.version() < Version::new(1, 8) { When::Before } else { When::After };
    let mut weights = means.clone();
    if when == When::Before {
        for (row, precision) in weights.data.chunks_exact_mut(means.n_cols).zip(&precisions) {
            row.iter_mut().for_each(|x| *x *= precision);
        }
    }
    let constants = means.rows().zip(&precisions).map(|(mean, precision)| {
        pairwise_sum(&mean.iter().map(|x| x * x).collect::<Vec<f64>>()) * precision
    });
    let order = row_order(state);
    let constants = constants.collect();
    Ok((Precisions::Spherical { constants, weights, precisions, when, order }, log_determinants))
}

fn turned(mean: &[f64], matrix: &[f64]) -> Turned {
    let p = mean.len();
    let axes = Matrix { n_rows: p, n_cols: p, data: matrix.to_vec() };
    Turned { axes: axes.transposed(), mean: vector_matrix(mean, matrix, p) }
}

/// Of a triangular matrix by rows.
fn log_determinant(matrix: &[f64], p: usize) -> f64 {
    let diagonal: Vec<f64> = matrix.iter().step_by(p + 1).copied().collect();
    log_sum(&diagonal)
}

fn log_sum(values: &[f64]) -> f64 {
    pairwise_sum(&values.iter().map(|x| x.ln()).collect::<Vec<f64>>())
}
