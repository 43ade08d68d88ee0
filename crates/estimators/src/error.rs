//! Why a model cannot be read, and why a row is refused.

use std::fmt;

/// What sort of problem it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// A class, an option or a value that Pythia does not know.
    Unsupported,
    /// The file contradicts itself or its class: an attribute is absent or has a wrong shape.
    Invalid,
    /// The estimator was pickled before it was fitted.
    NotFitted,
    /// The file is fine, but the caller chose what its model cannot do.
    Choice,
}

/// One problem at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Path in the object graph, for example `$.steps[1].scale_`.
    pub path: String,
    /// What sort of problem.
    pub kind: ProblemKind,
    /// What was found and what was expected; a sentence that follows the path.
    pub text: String,
    /// The layer of a declared network that is to blame, counted from 0.
    pub layer: Option<usize>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.path, self.text)
    }
}

/// More problems than this are not kept: a hostile file may have a million.
const MAX_PROBLEMS: usize = 100;

/// Why a model cannot be read: every problem found (the first hundred), at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError(Vec<Problem>);

impl ReadError {
    /// One problem.
    #[must_use]
    pub fn new(path: &str, kind: ProblemKind, text: impl Into<String>) -> Self {
        Self(vec![Problem { path: path.to_owned(), kind, text: text.into(), layer: None }])
    }

    /// The same problems, for which this layer of a declared network is to blame.
    #[must_use]
    pub(crate) fn of_layer(mut self, nth: usize) -> Self {
        self.0.iter_mut().for_each(|it| it.layer = Some(nth));
        self
    }

    /// All problems, in the order of the file.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }

    /// Whether nothing but the caller's choice is wrong.
    #[must_use]
    pub fn is_choice(&self) -> bool {
        self.0.iter().all(|it| it.kind == ProblemKind::Choice)
    }

    /// The results of several readings: all values, or all their problems together.
    pub fn collect<T>(results: impl IntoIterator<Item = Result<T, Self>>) -> Result<Vec<T>, Self> {
        let mut values = Vec::new();
        let mut problems = Vec::new();
        for result in results {
            match result {
                Ok(it) => values.push(it),
                Err(it) => {
                    let room = MAX_PROBLEMS.saturating_sub(problems.len());
                    problems.extend(it.0.into_iter().take(room));
                }
            }
        }
        if problems.is_empty() { Ok(values) } else { Err(Self(problems)) }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            write!(f, "{}{problem}", if i == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl std::error::Error for ReadError {}

/// A block the model refuses, as Python would: where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataError {
    /// Row in the block, counted from 0, if one row is to blame.
    pub row: Option<usize>,
    /// Column of the model's input, counted from 0, if one is to blame and it is still known.
    pub column: Option<usize>,
    /// What is wrong, and what the model accepts.
    pub text: String,
}

impl DataError {
    /// The block as a whole is refused.
    #[must_use]
    pub fn block(text: impl Into<String>) -> Self {
        Self { row: None, column: None, text: text.into() }
    }

    /// One cell is refused.
    #[must_use]
    pub fn cell(row: usize, column: usize, text: impl Into<String>) -> Self {
        Self { row: Some(row), column: Some(column), text: text.into() }
    }

    /// The same refusal with its row counted from `rows` rows before the block.
    #[must_use]
    pub fn after(self, rows: usize) -> Self {
        Self { row: self.row.map(|it| it + rows), ..self }
    }

    /// The same refusal with its column as the caller counts it: a step of a pipeline sees columns
    /// that are not the model's.
    #[must_use]
    pub fn in_column(self, translate: impl FnOnce(usize) -> Option<usize>) -> Self {
        Self { column: self.column.and_then(translate), ..self }
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, self.column) {
            (Some(row), Some(column)) => write!(f, "row {row}, column {column}: {}", self.text),
            (Some(row), None) => write!(f, "row {row}: {}", self.text),
            _ => f.write_str(&self.text),
        }
    }
}

impl std::error::Error for DataError {}
