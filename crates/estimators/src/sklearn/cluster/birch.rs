//! `Birch`: the nearest of the subclusters that a tree of them made, and the cluster that belongs to.
//!
//! | attribute             | shape  | meaning                                        | since |
//! |-----------------------|--------|------------------------------------------------|-------|
//! | `subcluster_centers_` | (k, p) | the subclusters' centres                       | any   |
//! | `subcluster_labels_`  | (k,)   | each one's cluster: integers                   | any   |
//!
//! Output: `predict` gives the cluster of the nearest subcluster, the first of equally near ones, and
//! `transform` the distances to all subclusters, (n, k); see `centers.rs`. Not read: `root_`,
//! the tree, and `_subcluster_norms`, which the centres give.
//!
//! Source of truth: `Birch` in `sklearn/cluster/_birch.py`.

use super::centers::Centers;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, ReadError, State, Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.cluster._birch.Birch",
        "sklearn.cluster.birch.Birch", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(Birch::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::Transform];

#[derive(Debug)]
struct Birch {
    centers: Centers,
    /// The cluster of each centre.
    labels: Vec<i64>,
}

impl Birch {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let centers = Centers::read(state, "subcluster_centers_")?.with_rows_as_given(state);
        let labels = state.ints("subcluster_labels_")?;
        if labels.len() != centers.len() {
            let text = format!("has {} values, expected {}", labels.len(), centers.len());
            return Err(state.get("subcluster_labels_")?.invalid(text));
        }
        Ok(Self { centers, labels })
    }
}

impl Estimator for Birch {
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
                let nearest = self.centers.nearest_by_distance(&rows).into_iter();
                let labels = nearest.map(|it| self.labels[it as usize]);
                Ok(Output::Vector(Values::Int(labels.collect())))
            }
            Method::Transform => self.centers.distances(&rows),
            _ => Err(unsupported("Birch", method)),
        }
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.centers.len())
    }
}
