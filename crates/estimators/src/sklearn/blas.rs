//! Which OpenBLAS a version of scikit-learn is taken to have run with.
//!
//! A file does not say which numpy it was made with, and numpy brings its BLAS along. The two are taken to
//! be of the same time; where that is wrong, results differ by rounding.

use kernels::blas::{Layout, Rest};
use kernels::einsum::Order;

use crate::{State, Version};

/// numpy up to 1.21 goes with scikit-learn up to 1.0.
pub(crate) fn rest(version: Version) -> Rest {
    if version < Version::new(1, 1) { Rest::Rounded } else { Rest::Fused }
}

/// How rows given to a model are taken to lie in Python's memory: by columns if the model knows the names
/// of columns, and so was trained on a data frame.
pub(crate) fn layout(state: &State<'_>) -> Layout {
    match state.has("feature_names_in_") {
        true => Layout::Columns,
        false => Layout::Rows(rest(state.version())),
    }
}

/// The order in which `einsum` adds the squares of such rows.
pub(crate) fn row_order(state: &State<'_>) -> Order {
    match layout(state) {
        Layout::Columns => Order::Columns,
        Layout::Rows(_) if state.version() < Version::new(1, 0) => Order::OldRows,
        Layout::Rows(_) => Order::Rows,
    }
}
