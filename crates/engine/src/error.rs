//! Why a use case failed, by who can mend it.

use std::fmt;

/// Who can mend an error, and so what each shell answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// The request is incomplete or contradicts itself.
    Request,
    /// A file that the request names is not there or may not be used.
    Storage,
    /// The model file cannot be read, or holds what Pythia does not support.
    Model,
    /// The table cannot be read, or its rows are not what the model accepts.
    Data,
    /// Storage fails still after retries, or a bug: nothing the caller can mend.
    System,
    /// A service's answer takes longer than is allowed: its caller may ask for less.
    Late,
}

/// One row of the table that maps categories to what each shell answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The category.
    pub category: Category,
    /// HTTP status, and `statusCode` of a Lambda response.
    pub status: u16,
    /// `error_type` of a response.
    pub error_type: &'static str,
    /// Exit code of the command.
    pub exit_code: u8,
}

impl Category {
    /// Every category, once.
    pub const TABLE: [Answer; 6] = [
        answer(Self::Request, 400, "ValidationError", 2),
        answer(Self::Storage, 400, "ValidationError", 3),
        answer(Self::Model, 400, "ValidationError", 4),
        answer(Self::Data, 400, "ValidationError", 5),
        answer(Self::System, 500, "InternalError", 1),
        answer(Self::Late, 504, "InternalError", 1),
    ];

    /// This category's row of the table.
    #[must_use]
    pub fn answer(self) -> Answer {
        let found = Self::TABLE.into_iter().find(|it| it.category == self);
        found.unwrap_or(Self::TABLE[4])
    }
}

const fn answer(
    category: Category,
    status: u16,
    error_type: &'static str,
    exit_code: u8,
) -> Answer {
    Answer { category, status, error_type, exit_code }
}

/// Why a use case failed. The text says what, where and what to do; the source is what caused it.
pub struct Error(Box<Inner>);

struct Inner {
    category: Category,
    text: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error with a text of its own.
    pub(crate) fn new(category: Category, text: impl Into<String>) -> Self {
        Self(Box::new(Inner { category, text: text.into(), source: None }))
    }

    /// An error whose text is that of its cause, after a prefix that names the stage.
    pub(crate) fn caused(
        category: Category,
        stage: &str,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        let text = format!("{stage}{source}");
        Self(Box::new(Inner { category, text, source: Some(Box::new(source)) }))
    }

    /// A file that cannot be read or written.
    pub(crate) fn storage(source: storage::Error) -> Self {
        let category = match source.kind() {
            storage::ErrorKind::Failed | storage::ErrorKind::Late => Category::System,
            _ => Category::Storage,
        };
        Self::caused(category, "", source)
    }

    /// An answer that takes too long; `what` does.
    pub(crate) fn late(what: &str) -> Self {
        Self::new(Category::Late, format!("{what} takes longer than is allowed"))
    }

    /// A request that is not what it should be, for the shells.
    #[must_use]
    pub fn request(text: impl Into<String>) -> Self {
        Self::new(Category::Request, text)
    }

    /// What caused it, from the nearest to the first: for logs, not for callers.
    #[must_use]
    pub fn causes(&self) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        let mut at = std::error::Error::source(self);
        while let Some(source) = at {
            let text = source.to_string();
            if texts.last().unwrap_or(&self.0.text) != &text {
                texts.push(text);
            }
            at = source.source();
        }
        texts
    }

    /// Who can mend it.
    #[must_use]
    pub fn category(&self) -> Category {
        self.0.category
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {}", self.0.category, self.0.text)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|it| it as _)
    }
}

/// A panic in a worker is a bug, never the caller's.
impl From<table::ordered::WorkerPanic> for Error {
    fn from(source: table::ordered::WorkerPanic) -> Self {
        Self::caused(Category::System, "", source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_category_has_one_answer() {
        let lines: Vec<String> = Category::TABLE
            .iter()
            .map(|it| format!("{:?} {} {} {}", it.category, it.status, it.error_type, it.exit_code))
            .collect();
        assert_eq!(
            lines,
            [
                "Request 400 ValidationError 2",
                "Storage 400 ValidationError 3",
                "Model 400 ValidationError 4",
                "Data 400 ValidationError 5",
                "System 500 InternalError 1",
                "Late 504 InternalError 1",
            ]
        );
    }
}
