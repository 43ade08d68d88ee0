//! The version of numpy that wrote a model.
//!
//! A pickle names the functions that make its arrays: `numpy.core.multiarray` in numpy 1,
//! `numpy._core.multiarray` in numpy 2. A joblib file need not name any.

use object_graph::{Graph, Kind};

use crate::{State, Version};

/// What the names in a file tell.
pub(crate) fn major(graph: &Graph) -> Option<u16> {
    graph.values().find_map(|it| match it.kind() {
        Kind::Class(it) if it.module.starts_with("numpy._core.") => Some(2),
        Kind::Class(it) if it.module.starts_with("numpy.core.") => Some(1),
        _ => None,
    })
}

impl State<'_> {
    /// The version of numpy that wrote the object: the major one by the names in the file. What they do not
    /// tell is what came with this version of scikit-learn: numpy 2 since 1.5, numpy 2.3 since 1.8.
    #[must_use]
    pub fn numpy(&self) -> Version {
        match (self.numpy_major(), self.version()) {
            (Some(1), _) => Version::new(1, 26),
            (None, it) if it < Version::new(1, 5) => Version::new(1, 26),
            (_, it) if it < Version::new(1, 8) => Version::new(2, 0),
            _ => Version::new(2, 3),
        }
    }
}
