//! `X @ components_.T`, where either or both may be sparse: each pair has its own order of additions.
//!
//! | X, components  | how scipy and numpy add                                         | result |
//! |----------------|-----------------------------------------------------------------|--------|
//! | dense, dense   | BLAS: fused steps in column order                               | dense  |
//! | sparse, dense  | in the stored order of the row                                  | dense  |
//! | dense, sparse  | in the stored order of the component                            | dense  |
//! | sparse, sparse | in the stored order of the row; entries come out last met first | sparse |
//!
//! Source: `csr_matvecs` and `csr_matmat` in `scipy/sparse/sparsetools/csr.h`.

use kernels::blas::matrix_product;
use kernels::linear::{add_fused_f32, add_weighted, add_weighted_f32};
use object_graph::{Kind, Scalar};

use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{Block, Csr, DataError, Dense, Matrix, Nan, Precision, ReadError, State};

#[derive(Debug)]
pub(super) struct Components {
    values: Values,
    precision: Precision,
}

#[derive(Debug)]
enum Values {
    Dense(Matrix),
    /// The rows, and the same by columns.
    Sparse(Csr, Csr),
}

impl Components {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let Kind::Sparse(sparse) = state.value().kind() else {
            let precision = if is_single(state) { Precision::Single } else { Precision::Double };
            return Ok(Self { values: Values::Dense(state.as_matrix()?), precision });
        };
        let data = state.value().at(sparse.data).as_array();
        let single =
            data.is_some_and(|it| it.dtype.scalar == Scalar::Float && it.dtype.itemsize == 4);
        let rows = state.as_csr()?;
        state.charge(rows.n_stored().saturating_mul(64).saturating_add(rows.n_cols() * 32))?;
        let columns = turned(&rows);
        let precision = if single { Precision::Single } else { Precision::Double };
        Ok(Self { values: Values::Sparse(rows, columns), precision })
    }

    /// Components that were computed.
    pub(super) fn new(matrix: Matrix, precision: Precision) -> Self {
        Self { values: Values::Dense(matrix), precision }
    }

    pub(super) fn n_in(&self) -> usize {
        match &self.values {
            Values::Dense(it) => it.n_cols,
            Values::Sparse(rows, _) => rows.n_cols(),
        }
    }

    pub(super) fn n_out(&self) -> usize {
        match &self.values {
            Values::Dense(it) => it.n_rows,
            Values::Sparse(rows, _) => rows.n_rows(),
        }
    }

    pub(super) fn precision(&self) -> Precision {
        self.precision
    }

    /// The components as a matrix, a row each.
    pub(super) fn matrix(&self) -> Matrix {
        let rows = match &self.values {
            Values::Dense(it) => return it.clone(),
            Values::Sparse(rows, _) => rows,
        };
        let (n_rows, n_cols) = (rows.n_rows(), rows.n_cols());
        let mut data = vec![0.0; n_rows * n_cols];
        for (row, values) in data.chunks_exact_mut(n_cols.max(1)).enumerate() {
            rows.row(row).for_each(|(column, value)| values[column] += value);
        }
        Matrix { n_rows, n_cols, data }
    }

    /// The product with rows that are finite.
    pub(super) fn apply(&self, input: Block) -> Result<Block, DataError> {
        input.check_width(self.n_in())?;
        let single = input.precision() == Precision::Single && self.precision == Precision::Single;
        let precision = if single { Precision::Single } else { Precision::Double };
        let x = match input {
            Block::Sparse(x) => {
                x.check_finite(Nan::Refused)?;
                return self.apply_sparse(&x, precision);
            }
            other => other.into_numbers()?,
        };
        x.check_finite(Nan::Refused)?;
        let columns = match &self.values {
            Values::Dense(it) if !single => matrix_product(&x.slices(), it.rows(), x.n_rows()),
            Values::Dense(it) => it.rows().map(|row| fused_f32(&x, row)).collect(),
            Values::Sparse(rows, _) => (0..rows.n_rows())
                .map(|component| in_stored_order(&x, rows, component, precision))
                .collect(),
        };
        dense(x.n_rows(), columns, precision)
    }

    fn apply_sparse(&self, x: &Csr, precision: Precision) -> Result<Block, DataError> {
        let by_columns = match &self.values {
            Values::Sparse(_, it) => it,
            Values::Dense(components) => {
                let sum = |row, weights: &[f64]| {
                    x.row(row)
                        .fold(0.0, |sum, (column, x)| step(sum, x, weights[column], precision))
                };
                let columns = components.rows();
                let columns = columns.map(|it| (0..x.n_rows()).map(|row| sum(row, it)).collect());
                return dense(x.n_rows(), columns.collect(), precision);
            }
        };
        let mut product = Csr::new(self.n_out());
        product.dtype = precision.into();
        let mut sums = vec![0.0; self.n_out()];
        let mut met = vec![false; self.n_out()];
        let mut order = Vec::new();
        for row in 0..x.n_rows() {
            for (column, x) in x.row(row) {
                for (component, weight) in by_columns.row(column) {
                    if !std::mem::replace(&mut met[component], true) {
                        order.push(component);
                    }
                    sums[component] = step(sums[component], x, weight, precision);
                }
            }
            while let Some(component) = order.pop() {
                product.push(component, std::mem::take(&mut sums[component]));
                met[component] = false;
            }
            product.end_row();
        }
        Ok(Block::Sparse(product))
    }
}

fn dense(n_rows: usize, columns: Vec<Vec<f64>>, precision: Precision) -> Result<Block, DataError> {
    let mut product = Dense::new(n_rows, columns)?;
    product.dtype = precision.into();
    Ok(Block::Dense(product))
}

fn fused_f32(x: &Dense, weights: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; x.n_rows()];
    add_fused_f32(&x.slices(), weights, &mut sums);
    sums
}

fn in_stored_order(x: &Dense, rows: &Csr, component: usize, precision: Precision) -> Vec<f64> {
    let mut sums = vec![0.0; x.n_rows()];
    for (column, weight) in rows.row(component) {
        match precision {
            Precision::Double => add_weighted(&[x.column(column)], &[weight], &mut sums),
            Precision::Single => add_weighted_f32(&[x.column(column)], &[weight], &mut sums),
        }
    }
    sums
}

/// `sum + x * weight`, rounded after each operation.
fn step(sum: f64, x: f64, weight: f64, precision: Precision) -> f64 {
    match precision {
        Precision::Double => sum + x * weight,
        Precision::Single => f64::from(sum as f32 + x as f32 * weight as f32),
    }
}

/// The matrix with rows and columns exchanged; entries of a row in ascending order.
fn turned(rows: &Csr) -> Csr {
    let mut columns: Vec<Vec<(usize, f64)>> = vec![Vec::new(); rows.n_cols()];
    for row in 0..rows.n_rows() {
        rows.row(row).for_each(|(column, value)| columns[column].push((row, value)));
    }
    let mut turned = Csr::new(rows.n_rows());
    for column in columns {
        column.into_iter().for_each(|(row, value)| turned.push(row, value));
        turned.end_row();
    }
    turned
}
