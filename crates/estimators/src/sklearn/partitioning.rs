//! Which of equal distances numpy takes for the smallest: it depends on its version and on the processor,
//! and is here what a processor with AVX2 does. With AVX-512, `argsort` of numpy 1.25 and 1.26 chooses
//! otherwise, and so do `argpartition` and `argsort` of more than 256 numbers from numpy 2.0 on.

use kernels::partitioning::{Partitioning, Sorted};

use crate::{State, Version};

/// That of the numpy that wrote the model.
pub(crate) fn partitioning(state: &State<'_>) -> Partitioning {
    match state.numpy() {
        it if it < Version::new(2, 0) => Partitioning::OneByOne,
        it if it < Version::new(2, 3) => Partitioning::InVectors(Sorted::Divided),
        _ => Partitioning::InVectors(Sorted::Kept),
    }
}
