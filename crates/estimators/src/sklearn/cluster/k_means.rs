//! `KMeans` and `MiniBatchKMeans`: the nearest of a few centres.
//!
//! | attribute          | shape  | meaning     | since |
//! |--------------------|--------|-------------|-------|
//! | `cluster_centers_` | (k, p) | the centres | any   |
//!
//! Output: `predict` gives the number of the nearest centre, the first of equally near ones, and
//! `transform` the distances to all, shape (n, k); see `centers.rs`.
//!
//! Source of truth: `_BaseKMeans` in `sklearn/cluster/_kmeans.py`.

use super::centers::Centers;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, ReadError, State, Values, unsupported,
};

pub(super) const METHODS: &[Method] = &[Method::Predict, Method::Transform];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read: |state| Ok(Box::new(KMeans::read(state)?)) }
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
struct KMeans {
    centers: Centers,
}

impl KMeans {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        Ok(Self { centers: Centers::read(state, "cluster_centers_")? })
    }
}

impl Estimator for KMeans {
    fn n_features_in(&self) -> usize {
        self.centers.width()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let rows = self.centers.rows(input)?;
        match method {
            Method::Predict => {
                let nearest = self.centers.nearest(&rows).into_iter().map(i64::from);
                Ok(Output::Vector(Values::Int(nearest.collect())))
            }
            Method::Transform => self.centers.distances(&rows),
            _ => Err(unsupported("KMeans", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.centers.len())
    }
}
