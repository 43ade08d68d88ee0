//! `TfidfVectorizer`: a `CountVectorizer` and a `TfidfTransformer` in one.
//!
//! | attribute | shape              | meaning                     | since |
//! |-----------|--------------------|-----------------------------|-------|
//! | `_tfidf`  | `TfidfTransformer` | see `tfidf_transformer.rs`  | any   |
//!
//! and those of `vocabulary.rs` and `analyzer.rs`. It takes one column of text; a missing text is
//! refused. Output: sparse rows, a column per term.
//!
//! Source of truth: `TfidfVectorizer.transform` in `sklearn/feature_extraction/text.py`.

use super::tfidf_transformer::TfidfTransformer;
use super::vocabulary::Vocabulary;
use crate::{
    Block, ClassSpec, ColumnKind, DataError, Estimator, Method, Output, ReadError, State,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.feature_extraction.text.TfidfVectorizer"],
    methods: METHODS,
    read: |state| Ok(Box::new(TfidfVectorizer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

#[derive(Debug)]
struct TfidfVectorizer {
    vocabulary: Vocabulary,
    tfidf: TfidfTransformer,
}

impl TfidfVectorizer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let vocabulary = Vocabulary::read(state)?;
        let transformer = state.get("_tfidf")?;
        let tfidf = TfidfTransformer::read(&transformer)?;
        if tfidf.width() != vocabulary.len() && tfidf.width() != 0 {
            let (takes, terms) = (tfidf.width(), vocabulary.len());
            return Err(transformer.invalid(format!("takes {takes} columns of {terms} terms")));
        }
        Ok(Self { vocabulary, tfidf })
    }
}

impl Estimator for TfidfVectorizer {
    fn n_features_in(&self) -> usize {
        1
    }

    fn methods(&self) -> &[Method] {
        self.vocabulary.methods()
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods().contains(&method) {
            return Err(unsupported("this TfidfVectorizer", method));
        }
        if method == Method::InverseTransform {
            return self.vocabulary.terms_of(input);
        }
        let counts = self.vocabulary.count(&input)?;
        Ok(Output::Block(Block::Sparse(self.tfidf.weigh(&counts))))
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
