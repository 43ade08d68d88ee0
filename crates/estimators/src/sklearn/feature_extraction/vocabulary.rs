//! How often each term of a vocabulary occurs in each document.
//!
//! | attribute                   | shape | meaning                                                     | since |
//! |-----------------------------|-------|-------------------------------------------------------------|-------|
//! | `vocabulary_`               | dict  | the column of each term                                     | any   |
//! | `vocabulary`                | dict or list | the same, given by hand; used if there is no `vocabulary_` | any |
//! | `binary`                    | bool  | 1 instead of the number of occurrences                      | any   |
//! | `dtype`                     | dtype | type of the counts                                          | any   |
//!
//! and those of `analyzer.rs`. Terms that are not in the vocabulary are left out.
//!
//! Source of truth: `CountVectorizer._count_vocab` in `sklearn/feature_extraction/text.py`.

use std::collections::HashMap;

use super::analyzer::{Analyzer, Scratch};
use super::for_documents;
use crate::categories::Folding;
use crate::{Block, Csr, DataError, Precision, ReadError, State};

#[derive(Debug)]
pub(super) struct Vocabulary {
    analyzer: Analyzer,
    terms: HashMap<Box<str>, u32, Folding>,
    binary: bool,
    precision: Precision,
}

impl Vocabulary {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            analyzer: Analyzer::read(state)?,
            terms: terms(state)?,
            binary: state.flag("binary")?,
            precision: Precision::read(&state.get("dtype")?)?,
        })
    }

    /// Number of terms.
    pub(super) fn len(&self) -> usize {
        self.terms.len()
    }

    /// A row per document, its columns rising.
    pub(super) fn count(&self, input: &Block) -> Result<Csr, DataError> {
        let mut counts = Csr::new(self.len());
        counts.precision = self.precision;
        let mut scratch = Scratch::default();
        let mut found: Vec<u32> = Vec::new();
        for_documents(input, |document| {
            found.clear();
            self.analyzer.each(document, &mut scratch, &mut |term| {
                found.extend(self.terms.get(term));
            });
            found.sort_unstable();
            for same in found.chunk_by(|a, b| a == b) {
                let count = if self.binary { 1.0 } else { same.len() as f64 };
                counts.push(same[0] as usize, count);
            }
            counts.end_row();
        })?;
        Ok(counts)
    }
}

fn terms(state: &State<'_>) -> Result<HashMap<Box<str>, u32, Folding>, ReadError> {
    let mut terms = HashMap::with_hasher(Folding::new());
    let given = match state.optional("vocabulary_") {
        Some(it) => it,
        None if state.has("vocabulary") => state.get("vocabulary")?,
        None => state.get("vocabulary_")?,
    };
    if let Some(entries) = given.value().entries() {
        for (term, column) in entries {
            let term = term.as_str().ok_or_else(|| given.wrong("a dict of texts"))?;
            given.charge(term.len().saturating_add(32))?;
            let column = column.as_i64().and_then(|it| u32::try_from(it).ok());
            let column = column.ok_or_else(|| given.wrong("a dict of texts and columns"))?;
            terms.insert(term.into(), column);
        }
    } else {
        for (column, term) in (0..).zip(given.as_texts()?) {
            terms.insert(term.into_boxed_str(), column);
        }
    }
    let n = terms.len();
    if n == 0 {
        return Err(given.wrong("at least one term"));
    }
    match terms.values().find(|it| n <= **it as usize) {
        Some(it) => Err(given.invalid(format!("has a column {it} of {n}"))),
        None => Ok(terms),
    }
}
