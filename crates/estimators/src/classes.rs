//! Class labels.

use std::sync::Arc;

/// The labels a classifier tells apart, in the order of its `classes_`.
#[derive(Debug, Clone, PartialEq)]
pub enum Classes {
    /// Integers.
    Int(Arc<[i64]>),
    /// Floats.
    Float(Arc<[f64]>),
    /// Booleans.
    Bool(Arc<[bool]>),
    /// Text.
    Text(Arc<[String]>),
}

impl Classes {
    /// Number of labels.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Int(it) => it.len(),
            Self::Float(it) => it.len(),
            Self::Bool(it) => it.len(),
            Self::Text(it) => it.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The labels as Python's `str` writes them: `1`, `1.0`, `True`, `setosa`.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Int(it) => it.iter().map(ToString::to_string).collect(),
            Self::Float(it) => it.iter().map(|x| format!("{x:?}")).collect(),
            Self::Bool(it) => {
                it.iter().map(|&x| if x { "True" } else { "False" }.to_owned()).collect()
            }
            Self::Text(it) => it.to_vec(),
        }
    }
}
