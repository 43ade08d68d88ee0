//! Which OpenBLAS a version of scikit-learn is taken to have run with.
//!
//! A file does not say which numpy it was made with, and numpy brings its BLAS along. The two are taken to
//! be of the same time; where that is wrong, results differ by rounding.

use kernels::blas::Rest;

use crate::Version;

/// numpy up to 1.20 goes with scikit-learn up to 0.24.
pub(crate) fn rest(version: Version) -> Rest {
    if version < Version::new(1, 0) { Rest::Rounded } else { Rest::Fused }
}
