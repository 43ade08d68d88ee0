//! `MaxAbsScaler`: divides each column by its largest magnitude.
//!
//! | attribute | shape | meaning                                  | since |
//! |-----------|-------|------------------------------------------|-------|
//! | `scale_`  | (p,)  | divisor                                  | 0.17  |
//! | `clip`    | bool  | keep results in -1 to 1; absent: off     | 1.8   |
//!
//! Output: `x / scale_`; sparse rows are multiplied by `1 / scale_`. NaN stays NaN; an infinite cell is
//! refused.
//!
//! Source of truth: `MaxAbsScaler.transform` in `sklearn/preprocessing/_data.py`.

use super::scaling::{self, Scaling, SparseCenter};
use crate::{ClassSpec, ReadError, State};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.preprocessing._data.MaxAbsScaler",
        "sklearn.preprocessing.data.MaxAbsScaler", // until 0.21
    ],
    methods: scaling::METHODS,
    read: |state| Ok(Box::new(read(state)?)),
};

fn read(state: &State<'_>) -> Result<Scaling, ReadError> {
    let scale = state.floats("scale_")?;
    Ok(Scaling {
        name: "MaxAbsScaler",
        width: state.n_features_in(scale.len())?,
        center: None,
        scale: Some(scale),
        sparse_center: SparseCenter::Ignored,
        rounds_attributes: false,
        clip: state.flag_or("clip", false)?.then_some((-1.0, 1.0)),
    })
}
