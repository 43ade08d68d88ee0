//! What a bundle is made of, for people.

/// A step of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepCard {
    /// The table that is its result.
    pub name: String,
    /// `sql` or `model`.
    pub kind: &'static str,
    /// The model's file.
    pub model: Option<String>,
    /// What the model's column is called, or those of several begin with.
    pub output: Option<String>,
    /// The columns of its result.
    pub columns: Vec<String>,
}

/// A table of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableCard {
    /// What SQL calls it.
    pub name: String,
    /// The file that holds it.
    pub file: String,
    /// How many rows it has.
    pub n_rows: usize,
    /// Its columns.
    pub columns: Vec<String>,
}
