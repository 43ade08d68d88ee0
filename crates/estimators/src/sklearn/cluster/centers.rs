//! Points that rows are near to or far from: centres of clusters.
//!
//! Distances are `sqrt(|x|² - 2 x·c + |c|²)` as `euclidean_distances` finds them: products in the order of
//! BLAS for dense rows (see `kernels::linear`), sums of squares in the order of numpy's einsum, whose
//! version follows from scikit-learn's; sparse rows one product after the other, as scipy adds them.
//!
//! Source of truth: `euclidean_distances` and `pairwise_distances_argmin` in `sklearn/metrics/pairwise.py`.

use kernels::distances;
use kernels::einsum::{Order, square_sums};

use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{
    Block, DataError, Dense, Dtype, Matrix, Nan, Output, Precision, ReadError, State, Version,
};

#[derive(Debug)]
pub(super) struct Centers {
    centers: Matrix,
    /// The squares of their lengths.
    lengths: Vec<f64>,
    precision: Precision,
    /// In which the squares of a row are added.
    order: Order,
}

/// Rows, and how their products are added up.
pub(super) struct Rows {
    x: Dense,
    are_sparse: bool,
}

impl Centers {
    /// The matrix `name`, at least one row.
    pub(super) fn read(state: &State<'_>, name: &str) -> Result<Self, ReadError> {
        let stored = state.get(name)?;
        let centers = stored.as_dense_matrix()?;
        if centers.n_rows == 0 {
            return Err(stored.wrong("at least one centre"));
        }
        state.n_features_in(centers.n_cols)?;
        state.charge(centers.n_rows.saturating_mul(8))?;
        let order = order(state.version());
        let lengths = centers.rows().map(|it| square_sum(it, order)).collect();
        let precision = if is_single(&stored) { Precision::Single } else { Precision::Double };
        Ok(Self { centers, lengths, precision, order })
    }

    /// For an estimator that does not ask for rows in C order: a data frame's lie by columns.
    pub(super) fn with_rows_as_given(self, state: &State<'_>) -> Self {
        let order = if state.has("feature_names_in_") { Order::Columns } else { self.order };
        Self { order, ..self }
    }

    pub(super) fn width(&self) -> usize {
        self.centers.n_cols
    }

    pub(super) fn len(&self) -> usize {
        self.centers.n_rows
    }

    pub(super) fn rows(&self, input: Block) -> Result<Rows, DataError> {
        let are_sparse = matches!(input, Block::Sparse(_));
        let x = input.into_dense(self.width())?;
        x.check_finite(Nan::Refused)?;
        Ok(Rows { x, are_sparse })
    }

    /// The number of the nearest centre, found without the lengths of the rows.
    pub(super) fn nearest(&self, rows: &Rows) -> Vec<u32> {
        self.least(rows, None)
    }

    /// The number of the nearest centre as `pairwise_distances_argmin` finds it: by whole distances, of
    /// which rows far away have many equal ones.
    pub(super) fn nearest_by_distance(&self, rows: &Rows) -> Vec<u32> {
        let lengths = square_sums(&rows.slices(), rows.len(), self.order, 2, |x| x);
        self.least(rows, Some(&lengths))
    }

    fn least(&self, rows: &Rows, lengths: Option<&[f64]>) -> Vec<u32> {
        let points = self.centers.rows();
        distances::nearest(&rows.slices(), points, &self.lengths, lengths, rows.len())
    }

    /// The distances to all centres.
    pub(super) fn distances(&self, rows: &Rows) -> Result<Output, DataError> {
        let (slices, n_rows) = (rows.slices(), rows.len());
        let (mut columns, order) = match rows.are_sparse {
            true => (distances::products(&slices, self.centers.rows(), n_rows), Order::Columns),
            false => (distances::fused_products(&slices, self.centers.rows(), n_rows), self.order),
        };
        let lengths = square_sums(&slices, n_rows, order, 2, |x| x);
        distances::squared_distances(&mut columns, &lengths, &self.lengths);
        let mut distances = Dense::new(n_rows, columns)?;
        if rows.x.precision() == Precision::Single && self.precision == Precision::Single {
            distances.dtype = Dtype::Float32;
            distances.round();
        }
        distances.map_columns(|_, column| column.iter_mut().for_each(|x| *x = x.sqrt()));
        distances.round();
        Ok(Output::dense(distances))
    }
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.x.n_rows()
    }

    pub(super) fn slices(&self) -> Vec<&[f64]> {
        self.x.slices()
    }
}

/// The order of numpy's einsum for rows in C order: scikit-learn 1.0 came with numpy 1.21.
pub(crate) fn order(version: Version) -> Order {
    if version < Version::new(1, 0) { Order::OldRows } else { Order::Rows }
}

/// The square of a point's length.
pub(crate) fn square_sum(point: &[f64], order: Order) -> f64 {
    let cells: Vec<&[f64]> = point.iter().map(std::slice::from_ref).collect();
    square_sums(&cells, 1, order, 2, |x| x).first().copied().unwrap_or_default()
}
