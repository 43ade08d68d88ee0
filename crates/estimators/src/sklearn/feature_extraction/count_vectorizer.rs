//! `CountVectorizer`: how often each term occurs in a text.
//!
//! Attributes: those of `vocabulary.rs` and `analyzer.rs`. It takes one column of text; a missing text
//! is refused. Output: sparse rows, a column per term.
//!
//! Source of truth: `CountVectorizer.transform` in `sklearn/feature_extraction/text.py`.

use super::vocabulary::Vocabulary;
use crate::{
    Block, ClassSpec, ColumnKind, DataError, Estimator, Method, Output, ReadError, State,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.feature_extraction.text.CountVectorizer"],
    methods: METHODS,
    read: |state| Ok(Box::new(CountVectorizer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct CountVectorizer {
    vocabulary: Vocabulary,
}

impl CountVectorizer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        Ok(Self { vocabulary: Vocabulary::read(state)? })
    }
}

impl Estimator for CountVectorizer {
    fn n_features_in(&self) -> usize {
        1
    }

    fn methods(&self) -> &[Method] {
        self.vocabulary.methods()
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods().contains(&method) {
            return Err(unsupported("this CountVectorizer", method));
        }
        if method == Method::InverseTransform {
            return self.vocabulary.terms_of(input);
        }
        Ok(Output::Block(Block::Sparse(self.vocabulary.count(&input)?)))
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        vec![ColumnKind::Text]
    }

    fn input_column(&self, _: usize) -> Option<usize> {
        Some(0)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.vocabulary.len())
    }
}
