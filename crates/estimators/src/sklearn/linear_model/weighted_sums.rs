//! `X @ coef_.T + intercept_`, which every linear model begins with.
//!
//! | attribute    | shape                                | meaning                          | since |
//! |--------------|--------------------------------------|----------------------------------|-------|
//! | `coef_`      | (p,) or (t, p), CSR after `sparsify` | weights, one row per target      | any   |
//! | `intercept_` | (), (1,) or (t,)                     | added to the weighted sum        | any   |
//!
//! Python sums by a BLAS whose order of additions depends on the processor, on whether X lies by rows
//! or by columns, and on a row's place in X. Here the order is that of OpenBLAS's kernels for processors
//! with AVX2 (`kernels::blas`), for rows that lie as those it was trained on: by columns if it knows the
//! names of a data frame's. So results are Python's but for the last one to three rows of a block and a
//! single one, which agree to the rounding of the sum. Sparse rows are added as scipy adds them: in
//! stored order, exactly.
//!
//! `float32` rows against `float32` weights stay `float32`; any other pair is `float64`.

use kernels::blas::{Layout, Rest, matrix_product, matrix_vector};
use kernels::linear::add_weighted_f32;
use object_graph::Scalar;

use crate::sklearn::blas::layout;
use crate::{
    Block, Csr, DataError, Dense, Matrix, Nan, Output, Precision, ReadError, State, Values,
};

#[derive(Debug)]
pub(crate) struct WeightedSums {
    coef: Matrix,
    intercept: Vec<f64>,
    /// Precision of `coef_` and `intercept_`.
    precision: Precision,
    /// Of the rows in Python's memory.
    layout: Layout,
}

/// A column of numbers per target.
#[derive(Debug)]
pub(crate) struct Scores {
    pub(crate) columns: Vec<Vec<f64>>,
    pub(crate) precision: Precision,
}

impl WeightedSums {
    pub(crate) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let coef = state.get("coef_")?;
        let intercept = state.get("intercept_")?;
        let single =
            is_single(&coef) && (is_single(&intercept) || intercept.value().as_array().is_none());
        let mut sums = Self::without_intercept(state)?;
        let targets = sums.n_targets();
        sums.intercept = match intercept.as_float() {
            Ok(it) => vec![it; targets],
            Err(_) => match *intercept.as_floats()? {
                [only] => vec![only; targets],
                _ => state.floats_len("intercept_", targets)?,
            },
        };
        sums.precision = if single { Precision::Single } else { Precision::Double };
        Ok(sums)
    }

    /// The sums alone, in `float64`: `X @ coef_.T`.
    pub(crate) fn without_intercept(state: &State<'_>) -> Result<Self, ReadError> {
        let coef = state.get("coef_")?.as_dense_matrix()?;
        state.n_features_in(coef.n_cols)?;
        if coef.n_rows == 0 {
            return Err(state.get("coef_")?.wrong("at least one row of weights"));
        }
        let intercept = vec![0.0; coef.n_rows];
        Ok(Self { coef, intercept, precision: Precision::Double, layout: layout(state) })
    }

    /// Sums with these weights; `intercept` has one number per row of `coef`.
    pub(crate) fn new(coef: Matrix, intercept: Vec<f64>) -> Self {
        let layout = Layout::Rows(Rest::Fused);
        Self { coef, intercept, precision: Precision::Double, layout }
    }

    pub(crate) fn n_features_in(&self) -> usize {
        self.coef.n_cols
    }

    pub(crate) fn n_targets(&self) -> usize {
        self.coef.n_rows
    }

    pub(crate) fn scores(&self, input: Block) -> Result<Scores, DataError> {
        let sparse = match input {
            Block::Sparse(it) if it.n_cols() == self.coef.n_cols => it,
            _ => return self.dense_scores(&input.into_dense(self.coef.n_cols)?),
        };
        self.sparse_scores(&sparse)
    }

    /// In what sums of such rows are.
    fn common(&self, rows: Precision) -> Precision {
        if rows == Precision::Single { self.precision } else { Precision::Double }
    }

    fn dense_scores(&self, x: &Dense) -> Result<Scores, DataError> {
        x.check_finite(Nan::Refused)?;
        let precision = self.common(x.precision());
        let mut columns = match precision {
            Precision::Single => self.single_products(x),
            Precision::Double => self.products(x),
        };
        for (column, intercept) in columns.iter_mut().zip(&self.intercept) {
            column.iter_mut().for_each(|sum| *sum += intercept);
        }
        let mut scores = Scores { columns, precision };
        scores.round();
        Ok(scores)
    }

    fn products(&self, x: &Dense) -> Vec<Vec<f64>> {
        let inputs = x.slices();
        if self.coef.n_rows == 1 {
            return vec![matrix_vector(&inputs, &self.coef.data, x.n_rows(), self.layout)];
        }
        matrix_product(&inputs, self.coef.rows(), x.n_rows())
    }

    fn single_products(&self, x: &Dense) -> Vec<Vec<f64>> {
        let inputs = x.slices();
        let products = self.coef.rows().map(|weights| {
            let mut sums = vec![0.0; x.n_rows()];
            add_weighted_f32(&inputs, weights, &mut sums);
            sums
        });
        products.collect()
    }

    fn sparse_scores(&self, x: &Csr) -> Result<Scores, DataError> {
        let precision = self.common(x.precision());
        let mut columns = vec![vec![0.0; x.n_rows()]; self.coef.n_rows];
        for row in 0..x.n_rows() {
            if let Some((column, _)) = x.row(row).find(|(_, value)| !value.is_finite()) {
                return Err(DataError::cell(
                    row,
                    column,
                    "the value is missing (NaN) or infinite, and the model accepts none",
                ));
            }
            for (sums, weights) in columns.iter_mut().zip(self.coef.rows()) {
                let add = |sum, (column, x): (usize, f64)| {
                    precision.of(sum + precision.of(x * weights[column]))
                };
                sums[row] = x.row(row).fold(0.0, add);
            }
        }
        for (sums, intercept) in columns.iter_mut().zip(&self.intercept) {
            sums.iter_mut().for_each(|sum| *sum = precision.of(*sum + intercept));
        }
        Ok(Scores { columns, precision })
    }
}

impl Scores {
    /// Applies `change` to every column.
    pub(crate) fn map(mut self, change: impl Fn(&mut [f64])) -> Self {
        self.columns.iter_mut().for_each(|it| change(it));
        self.round();
        self
    }

    /// Rounds to `float32` if the scores are.
    pub(crate) fn round(&mut self) {
        if self.precision == Precision::Single {
            let values = self.columns.iter_mut().flatten();
            values.for_each(|x| *x = f64::from(*x as f32));
        }
    }

    /// One value a row if there is one column, else a matrix.
    pub(crate) fn into_output(self) -> Result<Output, DataError> {
        if self.columns.len() != 1 {
            return self.into_matrix();
        }
        Ok(self.into_values().pop().map_or_else(|| Output::floats(Vec::new()), Output::Vector))
    }

    /// Shape (n, columns).
    pub(crate) fn into_matrix(self) -> Result<Output, DataError> {
        let n_rows = self.columns.first().map_or(0, Vec::len);
        let mut dense = Dense::new(n_rows, self.columns)?;
        dense.dtype = self.precision.into();
        Ok(Output::dense(dense))
    }

    pub(crate) fn into_values(self) -> Vec<Values> {
        let precision = self.precision;
        let values = self.columns.into_iter().map(|column| match precision {
            Precision::Double => Values::Float(column),
            Precision::Single => Values::Float32(column.iter().map(|&x| x as f32).collect()),
        });
        values.collect()
    }
}

/// Whether an attribute is `float32`.
pub(crate) fn is_single(state: &State<'_>) -> bool {
    state
        .value()
        .as_array()
        .is_some_and(|it| it.dtype.scalar == Scalar::Float && it.dtype.itemsize == 4)
}
