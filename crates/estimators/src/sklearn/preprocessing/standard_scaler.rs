//! `StandardScaler`: subtracts each column's mean and divides by its standard deviation.
//!
//! | attribute           | shape        | meaning                                      | since |
//! |---------------------|--------------|----------------------------------------------|-------|
//! | `mean_`             | (p,) or None | subtracted if `with_mean`                    | any   |
//! | `scale_`            | (p,) or None | divisor if `with_std`; a constant column: 1  | 0.17  |
//! | `with_mean`         | bool         |                                              | any   |
//! | `with_std`          | bool         |                                              | any   |
//! | `n_features_in_`    | int          | number of columns                            | 0.23  |
//!
//! Output: `(x - mean_) / scale_`, each operation rounded. Sparse rows are multiplied by `1 / scale_`.
//! On `float32` the operations are done in `float64` and rounded to `float32`; from 1.8 the attributes
//! are rounded to `float32` first. NaN stays NaN; an infinite cell is refused.
//!
//! Source of truth: `StandardScaler.transform` in `sklearn/preprocessing/_data.py`.

use super::scaling::{self, Scaling, SparseCenter};
use crate::{ClassSpec, ReadError, State, Version};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.preprocessing._data.StandardScaler",
        "sklearn.preprocessing.data.StandardScaler", // until 0.21
    ],
    methods: scaling::METHODS,
    read: |state| Ok(Box::new(read(state)?)),
};

fn read(state: &State<'_>) -> Result<Scaling, ReadError> {
    let width = scaling::width(state, &["mean_", "scale_", "var_"])?;
    let attribute =
        |wanted: bool, name: &str| wanted.then(|| state.floats_len(name, width)).transpose();
    Ok(Scaling {
        name: "StandardScaler",
        width,
        center: attribute(state.flag("with_mean")?, "mean_")?,
        scale: attribute(state.flag("with_std")?, "scale_")?,
        sparse_center: SparseCenter::Refused,
        rounds_attributes: Version::new(1, 8) <= state.version(),
        clip: None,
    })
}
