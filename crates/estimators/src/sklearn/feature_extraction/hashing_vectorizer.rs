//! `HashingVectorizer`: how often terms occur in a text, each in the column its hash gives.
//!
//! | attribute        | shape          | meaning                                           | since |
//! |------------------|----------------|---------------------------------------------------|-------|
//! | `n_features`     | int            | number of columns                                 | any   |
//! | `alternate_sign` | bool           | a negative hash counts -1                         | 0.19  |
//! | `binary`         | bool           | 1 for each column that a term fell in             | any   |
//! | `norm`           | l1, l2 or None | what rows are divided by                          | any   |
//! | `dtype`          | dtype          | type of the numbers                               | any   |
//!
//! and those of `analyzer.rs`. It takes one column of text; a missing text is refused. Output: sparse
//! rows. Terms that cancel one another leave a stored 0, which `binary` makes 1.
//!
//! Source of truth: `HashingVectorizer.transform` in `sklearn/feature_extraction/text.py`,
//! `sklearn/feature_extraction/_hashing_fast.pyx`; MurmurHash3 by A. Appleby (32 bits, seed 0).

use super::analyzer::{Analyzer, Scratch};
use super::for_documents;
use super::tfidf_transformer::Norm;
use crate::{
    Block, ClassSpec, ColumnKind, Csr, DataError, Estimator, Method, Output, Precision, ReadError,
    State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.feature_extraction.text.HashingVectorizer"],
    methods: METHODS,
    read: |state| Ok(Box::new(HashingVectorizer::read(state)?)),
};

const METHODS: &[Method] = &[Method::Transform];

/// More columns than this are refused; the default is 2^20.
const WIDEST: usize = 1 << 24;

#[derive(Debug)]
struct HashingVectorizer {
    analyzer: Analyzer,
    width: usize,
    alternate_sign: bool,
    binary: bool,
    norm: Norm,
    precision: Precision,
}

impl HashingVectorizer {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let width = state.count("n_features")?;
        if width == 0 || WIDEST < width {
            let text = format!("is {width}, beyond 1 to {WIDEST}");
            return Err(state.get("n_features")?.unsupported(text));
        }
        Ok(Self {
            analyzer: Analyzer::read(state)?,
            width,
            alternate_sign: state.flag("alternate_sign")?,
            binary: state.flag("binary")?,
            norm: Norm::read(state)?,
            precision: Precision::read(&state.get("dtype")?)?,
        })
    }

    fn hash(&self, input: &Block) -> Result<Csr, DataError> {
        let mut rows = Csr::new(self.width);
        rows.precision = self.precision;
        let mut scratch = Scratch::default();
        let mut terms: Vec<(usize, f64)> = Vec::new();
        let mut row: Vec<(usize, f64)> = Vec::new();
        for_documents(input, |document| {
            terms.clear();
            self.analyzer.each(document, &mut scratch, &mut |term| terms.push(self.place(term)));
            terms.sort_unstable_by_key(|(column, _)| *column);
            row.clear();
            for same in terms.chunk_by(|a, b| a.0 == b.0) {
                let sum = same.iter().fold(0.0, |sum, (_, sign)| sum + sign);
                row.push((same[0].0, if self.binary { 1.0 } else { sum }));
            }
            self.norm.divide(&mut row, self.precision);
            row.iter().for_each(|&(column, x)| rows.push(column, x));
            rows.end_row();
        })?;
        Ok(rows)
    }

    /// The column of a term, and 1 or -1.
    fn place(&self, term: &str) -> (usize, f64) {
        let hash = murmur3(term.as_bytes()) as i32;
        let magnitude = match hash {
            // It has no positive counterpart; scikit-learn's formula for it.
            i32::MIN => i32::MAX as usize - (self.width - 1),
            it => it.unsigned_abs() as usize,
        };
        let sign = if self.alternate_sign && hash < 0 { -1.0 } else { 1.0 };
        (magnitude % self.width, sign)
    }
}

/// MurmurHash3 for 32 bits with seed 0.
fn murmur3(bytes: &[u8]) -> u32 {
    let mix = |word: u32| word.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    let (words, rest) = bytes.as_chunks::<4>();
    let mut hash = 0_u32;
    for word in words {
        hash ^= mix(u32::from_le_bytes(*word));
        hash = hash.rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    if !rest.is_empty() {
        hash ^= mix(rest.iter().rev().fold(0, |word, &byte| (word << 8) | u32::from(byte)));
    }
    hash ^= bytes.len() as u32;
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
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
        Some(self.width)
    }
}
