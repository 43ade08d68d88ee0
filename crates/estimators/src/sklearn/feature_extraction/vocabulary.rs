//! How often each term of a vocabulary occurs in each document.
//!
//! | attribute                   | shape | meaning                                                     | since |
//! |-----------------------------|-------|-------------------------------------------------------------|-------|
//! | `vocabulary_`               | dict  | the column of each term                                     | any   |
//! | `vocabulary`                | dict or list | the same, given by hand; used if there is no `vocabulary_` | any |
//! | `binary`                    | bool  | 1 instead of the number of occurrences                      | any   |
//! | `dtype`                     | dtype | type of the counts                                          | any   |
//!
//! and those of `analyzer.rs`. Terms that are not in the vocabulary are left out. `inverse_transform` gives one text a
//! row, its terms with a space between, in the order of its columns as they are stored; a row without terms is
//! missing. Vectorizers whose terms hold spaces themselves do not have it.
//!
//! Source of truth: `CountVectorizer._count_vocab` in `sklearn/feature_extraction/text.py`.

use std::collections::HashMap;
use std::sync::Arc;

use super::analyzer::{Analyzer, Scratch};
use super::for_documents;
use super::token_pattern::is_space;
use crate::categories::Folding;
use crate::{
    Block, Csr, DataError, Dtype, Layout, Method, Nan, Output, ReadError, State, TextColumn, Values,
};

#[derive(Debug)]
pub(super) struct Vocabulary {
    analyzer: Analyzer,
    terms: HashMap<Box<str>, u32, Folding>,
    /// The terms in the order of their columns; none if one of them holds white space.
    listed: Option<Vec<Box<str>>>,
    binary: bool,
    dtype: Dtype,
}

impl Vocabulary {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let terms = terms(state)?;
        Ok(Self {
            analyzer: Analyzer::read(state)?,
            listed: listed(state, &terms)?,
            terms,
            binary: state.flag("binary")?,
            dtype: Dtype::read(&state.get("dtype")?)?,
        })
    }

    /// Number of terms.
    pub(super) fn len(&self) -> usize {
        self.terms.len()
    }

    /// What a vectorizer with this vocabulary can do.
    pub(super) fn methods(&self) -> &'static [Method] {
        match self.listed {
            Some(_) => &[Method::Transform, Method::InverseTransform],
            None => &[Method::Transform],
        }
    }

    /// The terms a row has, in stored order, with a space between; missing if there are none.
    pub(super) fn terms_of(&self, input: Block) -> Result<Output, DataError> {
        input.check_width(self.len())?;
        let n_rows = input.n_rows();
        let rows = match input {
            Block::Sparse(it) => it,
            other => match Block::hstack(vec![other], n_rows, Layout::Sparse)? {
                Block::Sparse(it) => it,
                _ => Csr::new(self.len()),
            },
        };
        rows.check_finite(Nan::Refused)?;
        let listed = self.listed.as_deref().unwrap_or_default();
        let mut cells = TextColumn::new();
        let mut cell = String::new();
        for row in 0..rows.n_rows() {
            cell.clear();
            for (column, _) in rows.row(row).filter(|(_, x)| *x != 0.0) {
                if !cell.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(listed.get(column).map_or("", |it| it));
            }
            cells.push(Some(cell.as_str()).filter(|it| !it.is_empty()));
        }
        Ok(Output::Vector(Values::Text(Arc::new(cells))))
    }

    /// A row per document, its columns rising.
    pub(super) fn count(&self, input: &Block) -> Result<Csr, DataError> {
        let mut counts = Csr::new(self.len());
        counts.dtype = self.dtype;
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
                counts.push(same[0] as usize, self.dtype.of(count));
            }
            counts.end_row();
        })?;
        Ok(counts)
    }
}

/// The terms in the order of their columns, which two terms do not share.
fn listed(
    state: &State<'_>,
    terms: &HashMap<Box<str>, u32, Folding>,
) -> Result<Option<Vec<Box<str>>>, ReadError> {
    if terms.keys().any(|it| it.is_empty() || it.contains(is_space)) {
        return Ok(None);
    }
    state.charge(terms.keys().map(|it| it.len() + 32).sum())?;
    let mut listed: Vec<Box<str>> = vec![Box::default(); terms.len()];
    for (term, &column) in terms {
        if let Some(place) = listed.get_mut(column as usize) {
            *place = term.clone();
        }
    }
    Ok(Some(listed).filter(|it| it.iter().all(|it| !it.is_empty())))
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
