//! `MeanShift` and `AffinityPropagation`: the number of the nearest centre.
//!
//! | attribute          | shape  | meaning                                                       | since |
//! |--------------------|--------|---------------------------------------------------------------|-------|
//! | `cluster_centers_` | (k, p) | the centres; `AffinityPropagation`: dense or CSR, or no rows at all | any |
//! | `affinity`         | text   | of `AffinityPropagation`: `precomputed` has no `predict`      | any   |
//!
//! Output: `predict` gives the number of the nearest centre, the first of equally near ones; -1 for all
//! rows if affinity propagation did not converge, which leaves no centres.
//!
//! Source of truth: `MeanShift.predict` in `sklearn/cluster/_mean_shift.py`, `AffinityPropagation.predict` in
//! `sklearn/cluster/_affinity_propagation.py`.

use super::centers::Centers;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Nan, Output, ReadError, State, Values,
    unsupported,
};

const METHODS: &[Method] = &[Method::Predict];

/// The newest path, then that of 0.21 and before.
pub(crate) const CLASSES: &[&ClassSpec] = &[
    &ClassSpec {
        paths: &[
            "sklearn.cluster._affinity_propagation.AffinityPropagation",
            "sklearn.cluster.affinity_propagation_.AffinityPropagation",
        ],
        methods: METHODS,
        read: |state| Ok(Box::new(affinity_propagation(state)?)),
    },
    &ClassSpec {
        paths: &["sklearn.cluster._mean_shift.MeanShift", "sklearn.cluster.mean_shift_.MeanShift"],
        methods: METHODS,
        read: |state| Ok(Box::new(NearestCenter::read(state)?)),
    },
];

#[derive(Debug)]
enum NearestCenter {
    Of(Centers),
    /// No centres; the rows have that many columns.
    Nowhere(usize),
}

impl NearestCenter {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        Ok(Self::Of(Centers::read(state, "cluster_centers_")?))
    }
}

fn affinity_propagation(state: &State<'_>) -> Result<NearestCenter, ReadError> {
    if state.text("affinity")? == "precomputed" {
        let text = "is 'precomputed': such a model has no predict, in Python neither";
        return Err(state.get("affinity")?.unsupported(text));
    }
    let stored = state.get("cluster_centers_")?;
    match stored.value().as_array().map(|it| &*it.shape) {
        Some(&[0, width]) => Ok(NearestCenter::Nowhere(state.n_features_in(width)?)),
        // Until 0.21 an empty list of centres had one dimension.
        Some(&[0]) => Ok(NearestCenter::Nowhere(0)),
        _ => NearestCenter::read(state),
    }
}

impl Estimator for NearestCenter {
    fn n_features_in(&self) -> usize {
        match self {
            Self::Of(centers) => centers.width(),
            Self::Nowhere(width) => *width,
        }
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("this clustering", method));
        }
        let labels = match self {
            Self::Of(centers) => {
                let rows = centers.rows(input)?;
                centers.nearest_by_distance(&rows).into_iter().map(i64::from).collect()
            }
            Self::Nowhere(width) => {
                let width = if *width == 0 { input.n_cols() } else { *width };
                let x = input.into_dense(width)?;
                x.check_finite(Nan::Refused)?;
                vec![-1; x.n_rows()]
            }
        };
        Ok(Output::Vector(Values::Int(labels)))
    }
}
