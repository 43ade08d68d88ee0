//! `cos(X @ random_weights_ + random_offset_)`, scaled: what samplers of random Fourier features end with.
//!
//! | attribute         | shape  | meaning                                        | since |
//! |-------------------|--------|------------------------------------------------|-------|
//! | `random_weights_` | (p, k) | one direction per column                       | any   |
//! | `random_offset_`  | (k,)   | added before the cosine                        | any   |
//! | `n_components`    | int    | the parameter; only the factor depends on it   | any   |

use kernels::blas::matrix_product;
use kernels::linear::add_fused_f32;

use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{Block, DataError, Dense, Dtype, Matrix, Nan, Output, Precision, ReadError, State};

#[derive(Debug)]
pub(super) struct CosineFeatures {
    /// A row per component.
    weights: Matrix,
    offset: Vec<f64>,
    factor: f64,
    precision: Precision,
}

impl CosineFeatures {
    /// `factor` is made of the parameter `n_components`.
    pub(super) fn read(
        state: &State<'_>,
        factor: impl FnOnce(f64) -> f64,
    ) -> Result<Self, ReadError> {
        let stored = state.get("random_weights_")?;
        let weights = stored.as_matrix()?;
        let Matrix { n_rows, n_cols, data } = &weights;
        if *n_rows == 0 {
            return Err(stored.invalid("was made for no features"));
        }
        state.n_features_in(*n_rows)?;
        state.charge(data.len().saturating_mul(8))?;
        let column = |j: usize| data.iter().skip(j).step_by(*n_cols).copied();
        let turned = (0..*n_cols).flat_map(column).collect();
        Ok(Self {
            weights: Matrix { n_rows: *n_cols, n_cols: *n_rows, data: turned },
            offset: state.floats_len("random_offset_", *n_cols)?,
            factor: factor(state.float("n_components")?),
            precision: if is_single(&stored) { Precision::Single } else { Precision::Double },
        })
    }

    pub(super) fn n_in(&self) -> usize {
        self.weights.n_cols
    }

    pub(super) fn n_out(&self) -> usize {
        self.weights.n_rows
    }

    /// The features of rows that are finite.
    pub(super) fn apply(&self, input: Block) -> Result<Output, DataError> {
        input.check_width(self.n_in())?;
        let n_rows = input.n_rows();
        let single = input.precision() == Precision::Single && self.precision == Precision::Single;
        let columns = match input {
            Block::Sparse(x) => {
                x.check_finite(Nan::Refused)?;
                let sum = |row, weights: &[f64]| {
                    x.row(row).fold(0.0, |sum, (column, x)| sum + x * weights[column])
                };
                let columns = self.weights.rows();
                columns.map(|it| (0..n_rows).map(|row| sum(row, it)).collect()).collect()
            }
            other => {
                let x = other.into_numbers()?;
                x.check_finite(Nan::Refused)?;
                self.dense(&x, single)
            }
        };
        let mut features = Dense::new(n_rows, columns)?;
        features.dtype = if single { Dtype::Float32 } else { Dtype::Float64 };
        self.finish(&mut features);
        Ok(Output::dense(features))
    }

    fn dense(&self, x: &Dense, single: bool) -> Vec<Vec<f64>> {
        let inputs = x.slices();
        if !single {
            return matrix_product(&inputs, self.weights.rows(), x.n_rows());
        }
        let sums = self.weights.rows().map(|weights| {
            let mut sums = vec![0.0; x.n_rows()];
            add_fused_f32(&inputs, weights, &mut sums);
            sums
        });
        sums.collect()
    }

    fn finish(&self, features: &mut Dense) {
        features.map_columns(|j, column| column.iter_mut().for_each(|x| *x += self.offset[j]));
        features.round();
        features.map_columns(|_, column| column.iter_mut().for_each(|x| *x = x.cos()));
        features.round();
        features.map_columns(|_, column| column.iter_mut().for_each(|x| *x *= self.factor));
        features.round();
    }
}
