//! `KMeans` and `MiniBatchKMeans`: the nearest of a few centres.
//!
//! | attribute          | shape  | meaning     | since |
//! |--------------------|--------|-------------|-------|
//! | `cluster_centers_` | (k, p) | the centres | any   |
//!
//! Output: `predict` gives the number of the nearest centre, the first of equally near ones, and
//! `transform` the distances to all, shape (n, k).
//!
//! Python sums by a BLAS whose order of additions depends on the processor; here products are added in
//! column order.
//!
//! Source of truth: `_BaseKMeans` in `sklearn/cluster/_kmeans.py`, `euclidean_distances` in
//! `sklearn/metrics/pairwise.py`.

use kernels::distances;

use crate::sklearn::linear_model::weighted_sums::is_single;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Matrix, Method, Nan, Output, Precision,
    ReadError, State, Values, unsupported,
};

pub(super) const METHODS: &[Method] = &[Method::Predict, Method::Transform];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read: |state| Ok(Box::new(Centers::read(state)?)) }
}

/// The newest path, then that of 0.21 and before.
pub(crate) const CLASSES: &[&ClassSpec] = &[
    &class(&["sklearn.cluster._kmeans.KMeans", "sklearn.cluster.k_means_.KMeans"]),
    &class(&[
        "sklearn.cluster._kmeans.MiniBatchKMeans",
        "sklearn.cluster.k_means_.MiniBatchKMeans",
    ]),
];

#[derive(Debug)]
pub(super) struct Centers {
    centers: Matrix,
    precision: Precision,
}

impl Centers {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let stored = state.get("cluster_centers_")?;
        let centers = stored.as_matrix()?;
        if centers.n_rows == 0 {
            return Err(stored.wrong("at least one centre"));
        }
        state.n_features_in(centers.n_cols)?;
        let precision = if is_single(&stored) { Precision::Single } else { Precision::Double };
        Ok(Self { centers, precision })
    }

    pub(super) fn width(&self) -> usize {
        self.centers.n_cols
    }

    pub(super) fn len(&self) -> usize {
        self.centers.n_rows
    }

    pub(super) fn rows(&self, input: Block) -> Result<Dense, DataError> {
        let x = input.into_dense(self.width())?;
        x.check_finite(Nan::Refused)?;
        Ok(x)
    }

    pub(super) fn distances(&self, x: &Dense) -> Result<Output, DataError> {
        let columns = distances::euclidean(&x.slices(), self.centers.rows(), x.n_rows());
        let mut distances = Dense::new(x.n_rows(), columns)?;
        if x.precision == Precision::Single && self.precision == Precision::Single {
            distances.precision = Precision::Single;
            distances.round();
        }
        Ok(Output::dense(distances))
    }
}

impl Estimator for Centers {
    fn n_features_in(&self) -> usize {
        self.width()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = self.rows(input)?;
        match method {
            Method::Predict => {
                let nearest = distances::nearest(&x.slices(), self.centers.rows(), x.n_rows());
                Ok(Output::Vector(Values::Int(nearest.into_iter().map(i64::from).collect())))
            }
            Method::Transform => self.distances(&x),
            _ => Err(unsupported("KMeans", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.len())
    }
}
