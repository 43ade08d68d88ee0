//! Which OpenBLAS a version of scikit-learn is taken to have run with.
//!
//! A file does not say which numpy it was made with, and numpy brings its BLAS along. The two are taken to
//! be of the same time; where that is wrong, results differ by rounding.

use kernels::blas::{Layout, Rest};

use crate::{State, Version};

/// numpy up to 1.20 goes with scikit-learn up to 0.24.
pub(crate) fn rest(version: Version) -> Rest {
    if version < Version::new(1, 0) { Rest::Rounded } else { Rest::Fused }
}

/// How rows given to a model are taken to lie in Python's memory: by columns if the model knows the names
/// of columns, and so was trained on a data frame.
pub(crate) fn layout(state: &State<'_>) -> Layout {
    match state.has("feature_names_in_") {
        true => Layout::Columns,
        false => Layout::Rows(rest(state.version())),
    }
}
