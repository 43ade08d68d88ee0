//! `sklearn.manifold`: curved surfaces laid flat.

use crate::ClassSpec;

pub(crate) const CLASSES: &[&ClassSpec] = &[];
