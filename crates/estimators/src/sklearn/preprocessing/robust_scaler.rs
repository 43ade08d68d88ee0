//! `RobustScaler`: subtracts each column's median and divides by its interquartile range.
//!
//! | attribute        | shape        | meaning                        | since |
//! |------------------|--------------|--------------------------------|-------|
//! | `center_`        | (p,) or None | subtracted if `with_centering` | 0.17  |
//! | `scale_`         | (p,) or None | divisor if `with_scaling`      | 0.17  |
//! | `with_centering` | bool         |                                | 0.17  |
//! | `with_scaling`   | bool         |                                | 0.17  |
//! | `n_features_in_` | int          | number of columns              | 0.23  |
//!
//! Output: `(x - center_) / scale_`, each operation rounded. Sparse rows are multiplied by `1 / scale_` and
//! not centred. NaN stays NaN; an infinite cell is refused.
//!
//! Source of truth: `RobustScaler.transform` in `sklearn/preprocessing/_data.py`.

use super::scaling::{self, Scaling, SparseCenter};
use crate::{ClassSpec, ReadError, State};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.preprocessing._data.RobustScaler",
        "sklearn.preprocessing.data.RobustScaler", // until 0.21
    ],
    methods: scaling::METHODS,
    read: |state| Ok(Box::new(read(state)?)),
};

fn read(state: &State<'_>) -> Result<Scaling, ReadError> {
    let width = scaling::width(state, &["center_", "scale_"])?;
    let attribute =
        |wanted: bool, name: &str| wanted.then(|| state.floats_len(name, width)).transpose();
    Ok(Scaling {
        name: "RobustScaler",
        width,
        center: attribute(state.flag("with_centering")?, "center_")?,
        scale: attribute(state.flag("with_scaling")?, "scale_")?,
        sparse_center: SparseCenter::Ignored,
        rounds_attributes: false,
        clip: None,
    })
}
