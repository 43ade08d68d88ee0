//! Everything that is wrong, told at once.

use crate::{Category, Error};

/// So many are told, the others counted.
const TOLD: usize = 20;

/// What is wrong with a request or a bundle.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    texts: Vec<String>,
    count: usize,
}

impl Problems {
    /// Notes a problem.
    pub(crate) fn add(&mut self, text: impl FnOnce() -> String) {
        self.count += 1;
        if self.texts.len() < TOLD {
            self.texts.push(text());
        }
    }

    /// Refuses if there are any.
    ///
    /// # Errors
    /// All of them.
    pub(crate) fn none(&self, category: Category) -> Result<(), Error> {
        self.none_between(category, "; ")
    }

    /// Refuses data if there are any, with what `check` finds besides.
    ///
    /// # Errors
    /// All of them.
    pub(crate) fn and_those_of(
        mut self,
        check: impl FnOnce() -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.count == 0 {
            return Ok(());
        }
        if let Err(err) = check() {
            self.add(|| err.to_string());
        }
        self.none(Category::Data)
    }

    /// As [`none`](Self::none), with what stands between two problems.
    ///
    /// # Errors
    /// All of them.
    pub(crate) fn none_between(&self, category: Category, between: &str) -> Result<(), Error> {
        if self.count == 0 {
            return Ok(());
        }
        let mut texts: Vec<&str> = self.texts.iter().map(String::as_str).collect();
        texts.sort_by_key(|it| place_of(it));
        let mut text = texts.join(between);
        if self.texts.len() < self.count {
            text.push_str(&format!("{between}and {} more", self.count - self.texts.len()));
        }
        Err(Error::new(category, text))
    }
}

/// Line and column of a text that begins with a [`place`], by file; others come first, in their order.
fn place_of(text: &str) -> Option<(&str, usize, usize)> {
    let (file, rest) = text.split_once(" line ")?;
    let (line, rest) = rest.split_once(", column ")?;
    let (column, _) = rest.split_once(':')?;
    Some((file, line.parse().ok()?, column.parse().ok()?))
}

/// A place in a text, counted from 1: `pythia.toml line 3, column 8`
pub(crate) fn place(name: &str, text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = 1 + before.matches('\n').count();
    let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
    format!("{name} line {line}, column {column}")
}

/// A file's text; what is not UTF-8 is told with its place.
///
/// # Errors
/// It is not UTF-8.
pub(crate) fn utf_8(name: &str, bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|err| {
        let at = err.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(err.as_bytes().get(..at).unwrap_or_default());
        format!("{}: it is not UTF-8", place(name, &before, at))
    })
}
