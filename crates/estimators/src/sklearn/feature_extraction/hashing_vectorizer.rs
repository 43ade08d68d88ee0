//! `HashingVectorizer`: how often terms occur in a text, each in the column its hash gives.
//!
//! | attribute | shape          | meaning                               | since |
//! |-----------|----------------|---------------------------------------|-------|
//! | `binary`  | bool           | 1 for each column that a term fell in | any   |
//! | `norm`    | l1, l2 or None | what rows are divided by              | any   |
//! | `dtype`   | dtype          | type of the numbers                   | any   |
//!
//! and those of `hashed_columns.rs` and `analyzer.rs`. It takes one column of text; a missing text is refused. Output: sparse
//! rows. Terms that cancel one another leave a stored 0, which `binary` makes 1.
//!
//! Source of truth: `HashingVectorizer.transform` in `sklearn/feature_extraction/text.py`.

use super::analyzer::{Analyzer, Scratch};
use super::for_documents;
use super::hashed_columns::HashedColumns;
use super::tfidf_transformer::Norm;
use crate::{
    Block, ClassSpec, ColumnKind, Csr, DataError, Dtype, Estimator, Method, Output, ReadError,
    State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.feature_extraction.text.HashingVectorizer"],
    methods: METHODS,
    read: |state| Ok(Box::new(HashingVectorizer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

#[derive(Debug)]
struct HashingVectorizer {
    analyzer: Analyzer,
    columns: HashedColumns,
    binary: bool,
    norm: Norm,
    dtype: Dtype,
}

impl HashingVectorizer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            analyzer: Analyzer::read(state)?,
            columns: HashedColumns::read(state)?,
            binary: state.flag("binary")?,
            norm: Norm::read(state)?,
            dtype: Dtype::read(&state.get("dtype")?)?,
        })
    }

    fn hash(&self, input: &Block) -> Result<Csr, DataError> {
        let mut rows = Csr::new(self.columns.width());
        rows.dtype = match self.norm {
            Norm::Nothing => self.dtype,
            _ => self.dtype.precision().into(),
        };
        let mut scratch = Scratch::default();
        let mut terms: Vec<(usize, f64)> = Vec::new();
        let mut row: Vec<(usize, f64)> = Vec::new();
        for_documents(input, |document| {
            terms.clear();
            self.analyzer
                .each(document, &mut scratch, &mut |term| terms.push(self.columns.place(term)));
            terms.sort_unstable_by_key(|(column, _)| *column);
            row.clear();
            for same in terms.chunk_by(|a, b| a.0 == b.0) {
                let sum = same.iter().fold(0.0, |sum, (_, sign)| self.dtype.of(sum + sign));
                row.push((same[0].0, if self.binary { 1.0 } else { sum }));
            }
            self.norm.divide(&mut row, self.dtype.precision());
            row.iter().for_each(|&(column, x)| rows.push(column, x));
            rows.end_row();
        })?;
        Ok(rows)
    }
}

impl Estimator for HashingVectorizer {
    fn n_features_in(&self) -> usize {
        1
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Transform {
            return Err(unsupported("HashingVectorizer", method));
        }
        Ok(Output::Block(Block::Sparse(self.hash(&input)?)))
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        vec![ColumnKind::Text]
    }

    fn input_column(&self, _: usize) -> Option<usize> {
        Some(0)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.columns.width())
    }
}
