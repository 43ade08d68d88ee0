//! `LabelPropagation` and `LabelSpreading`: the training rows' classes, each row counting by its nearness.
//!
//! | attribute              | shape  | meaning                                                     | since |
//! |------------------------|--------|-------------------------------------------------------------|-------|
//! | `classes_`             | (k,)   | labels                                                      | any   |
//! | `label_distributions_` | (n, k) | the classes' shares in each training row                    | any   |
//! | `kernel`               | text   | `rbf` or `knn`; a function is refused                       | any   |
//! | `X_`, `gamma`          | (n, p), float | of `rbf`: nearness is `exp(-gamma d²)`               | any   |
//! | `nn_fit`               | object | of `knn`: `NearestNeighbors`; the nearest rows count as 1   | any   |
//!
//! Output: `predict_proba` is the weighted sum of the shares over its own sum, (n, k); `predict` the class
//! with the largest, the first of equals. A row so far from all others that every weight is 0 gets NaN,
//! and the first class, as in Python.
//!
//! Sums over the training rows are in the order of BLAS (see `kernels::blas`), sums of squares in that of
//! numpy's einsum; rows are taken to lie by columns where the training rows do, as those of a data frame.
//!
//! Source of truth: `BaseLabelPropagation` in `sklearn/semi_supervised/_label_propagation.py`.

use kernels::blas::matrix_product;
use kernels::einsum::{Order, square_sums};
use kernels::exp::exp;
use kernels::{distances, rows};
use object_graph::Order as Layout;

use crate::sklearn::cluster::{order, square_sum};
use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::sklearn::manifold::Neighbors;
use crate::sklearn::tree::{labels_output, probabilities_output};
use crate::{
    Block, ClassSpec, Classes, DataError, Dense, Estimator, Matrix, Method, Nan, Output, ReadError,
    State, unsupported,
};

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec {
        paths,
        methods: METHODS,
        read: |state| Ok(Box::new(LabelPropagation::read(state)?)),
    }
}

/// The newest path, then that of 0.21 and before.
pub(super) const PROPAGATION: ClassSpec = class(&[
    "sklearn.semi_supervised._label_propagation.LabelPropagation",
    "sklearn.semi_supervised.label_propagation.LabelPropagation",
]);
pub(super) const SPREADING: ClassSpec = class(&[
    "sklearn.semi_supervised._label_propagation.LabelSpreading",
    "sklearn.semi_supervised.label_propagation.LabelSpreading",
]);

const METHODS: &[Method] = &[Method::Predict, Method::PredictProba];

/// Rows whose kernel is worked out at a time.
const TILE: usize = 128;

#[derive(Debug)]
struct LabelPropagation {
    classes: Vec<Classes>,
    /// By class, a share for each training row.
    shares: Vec<Vec<f64>>,
    kernel: Kernel,
}

#[derive(Debug)]
enum Kernel {
    Rbf { training_rows: Matrix, lengths: Vec<f64>, gamma: f64, order: Order },
    Nearest(Neighbors),
}

impl LabelPropagation {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        let stored = state.get("label_distributions_")?;
        let shares = stored.as_matrix()?;
        if shares.n_cols != classes.len() || shares.n_cols == 0 || shares.n_rows == 0 {
            return Err(stored.invalid("does not fit classes_"));
        }
        let kernel = Kernel::read(state, shares.n_rows)?;
        state.n_features_in(kernel.n_features_in())?;
        state.charge(shares.data.len().saturating_mul(8))?;
        let by_class = |k: usize| shares.rows().map(|it| it[k]).collect();
        let shares = (0..classes.len()).map(by_class).collect();
        Ok(Self { classes: vec![classes], shares, kernel })
    }

    fn probabilities(&self, input: Block) -> Result<Vec<Vec<f64>>, DataError> {
        let mut sums = match &self.kernel {
            Kernel::Rbf { .. } => self.kernel_sums(input)?,
            Kernel::Nearest(neighbors) => self.neighbor_sums(neighbors, input)?,
        };
        let totals = rows::sums(&sums);
        rows::divide(&mut sums, &totals);
        Ok(sums)
    }

    fn kernel_sums(&self, input: Block) -> Result<Vec<Vec<f64>>, DataError> {
        let are_sparse = matches!(input, Block::Sparse(_));
        let x = input.into_dense(self.n_features_in())?;
        x.check_finite(Nan::Refused)?;
        let slices = x.slices();
        let mut sums = vec![Vec::with_capacity(x.n_rows()); self.classes_len()];
        for start in (0..x.n_rows()).step_by(TILE) {
            let end = x.n_rows().min(start + TILE);
            let tile: Vec<&[f64]> = slices.iter().map(|it| &it[start..end]).collect();
            let kernel = self.kernel.values(&tile, end - start, are_sparse);
            let kernel: Vec<&[f64]> = kernel.iter().map(Vec::as_slice).collect();
            let shares = self.shares.iter().map(Vec::as_slice);
            let products = matrix_product(&kernel, shares, end - start);
            sums.iter_mut().zip(products).for_each(|(sums, it)| sums.extend(it));
        }
        Ok(sums)
    }

    fn neighbor_sums(
        &self,
        neighbors: &Neighbors,
        input: Block,
    ) -> Result<Vec<Vec<f64>>, DataError> {
        let n_rows = input.n_rows();
        let lists = neighbors.find(input)?;
        let mut sums = vec![vec![0.0; n_rows]; self.classes_len()];
        for (sums, shares) in sums.iter_mut().zip(&self.shares) {
            for indices in &lists.indices {
                sums.iter_mut().zip(indices).for_each(|(sum, &index)| *sum += shares[index]);
            }
        }
        Ok(sums)
    }

    fn classes_len(&self) -> usize {
        self.shares.len()
    }
}

impl Kernel {
    fn read(state: &State<'_>, n_rows: usize) -> Result<Self, ReadError> {
        let kernel = state.get("kernel")?;
        match kernel.value().as_str() {
            Some("rbf") => {}
            Some("knn") => {
                return Ok(Self::Nearest(Neighbors::read(&state.get("nn_fit")?, n_rows)?));
            }
            Some(it) => return Err(kernel.unsupported(format!("is {it:?}"))),
            None => return Err(kernel.unsupported("is a function, which Pythia does not run")),
        }
        let stored = state.get("X_")?;
        if is_single(&stored) || stored.value().as_array().is_none() {
            return Err(stored.unsupported("is sparse or float32, which is not supported"));
        }
        let training_rows = stored.as_matrix()?;
        if training_rows.n_rows != n_rows || training_rows.n_cols == 0 {
            return Err(stored.invalid("does not fit label_distributions_"));
        }
        let gamma = state.float_or("gamma", 1.0 / training_rows.n_cols as f64)?;
        let by_columns = stored.value().as_array().is_some_and(|it| it.order == Layout::Fortran);
        let order = if by_columns { Order::Columns } else { order(state.version()) };
        state.charge(n_rows.saturating_mul(8))?;
        let lengths = training_rows.rows().map(|it| square_sum(it, order)).collect();
        Ok(Self::Rbf { training_rows, lengths, gamma, order })
    }

    fn n_features_in(&self) -> usize {
        match self {
            Self::Rbf { training_rows, .. } => training_rows.n_cols,
            Self::Nearest(it) => it.n_features_in(),
        }
    }

    /// `exp(-gamma d²)` of each row and each training row, a column per training row.
    fn values(&self, columns: &[&[f64]], n_rows: usize, are_sparse: bool) -> Vec<Vec<f64>> {
        let Self::Rbf { training_rows, lengths, gamma, order } = self else { return Vec::new() };
        let (mut values, order) = match are_sparse {
            true => (distances::products(columns, training_rows.rows(), n_rows), Order::Columns),
            false => (matrix_product(columns, training_rows.rows(), n_rows), *order),
        };
        let of_rows = square_sums(columns, n_rows, order, 2, |x| x);
        for (column, length) in values.iter_mut().zip(lengths) {
            // The training rows come first in Python's call, so their lengths are added first.
            for (x, row) in column.iter_mut().zip(&of_rows) {
                let square = -2.0 * *x + length + row;
                *x = if square < 0.0 { 0.0 } else { square } * -gamma;
            }
            exp(column);
        }
        values
    }
}

impl Estimator for LabelPropagation {
    fn n_features_in(&self) -> usize {
        self.kernel.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !METHODS.contains(&method) {
            return Err(unsupported("LabelPropagation", method));
        }
        let n_rows = input.n_rows();
        let probabilities = self.probabilities(input)?;
        match method {
            Method::Predict => Ok(labels_output(vec![rows::argmax(&probabilities)], &self.classes)),
            _ => Ok(probabilities_output(vec![Dense::new(n_rows, probabilities)?])),
        }
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
