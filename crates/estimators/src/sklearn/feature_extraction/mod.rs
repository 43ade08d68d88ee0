//! `sklearn.feature_extraction`: numbers from texts, records and images.

mod analyzer;
mod count_vectorizer;
mod dict_vectorizer;
mod feature_hasher;
mod hashed_columns;
mod hashing_vectorizer;
mod patch_extractor;
mod stop_words;
mod tfidf_transformer;
mod tfidf_vectorizer;
mod token_pattern;
mod vocabulary;
mod word_characters;

pub(super) use dict_vectorizer::keys as dict_keys;

use crate::{Block, ClassSpec, Column, DataError, TextColumn};

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &count_vectorizer::CLASS,
    &dict_vectorizer::CLASS,
    &feature_hasher::CLASS,
    &hashing_vectorizer::CLASS,
    &patch_extractor::CLASS,
    &tfidf_transformer::CLASS,
    &tfidf_vectorizer::CLASS,
];

/// Calls `each` with the documents of the only column, in row order. A missing one is refused.
fn for_documents(input: &Block, mut each: impl FnMut(&str)) -> Result<(), DataError> {
    input.check_width(1)?;
    let column = input.column(0);
    let Column::Text(documents) = column.as_ref() else {
        return Err(DataError::block("the column holds numbers, the model wants text"));
    };
    let documents: &TextColumn = documents;
    for (row, document) in documents.iter().enumerate() {
        let text = "the text is missing, and the model accepts none; fill it first";
        each(document.ok_or_else(|| DataError::cell(row, 0, text))?);
    }
    Ok(())
}

/// The number that a cell spells, as pandas would read it.
fn number(cell: &str) -> Option<f64> {
    match cell {
        "True" | "true" | "TRUE" => Some(1.0),
        "False" | "false" | "FALSE" => Some(0.0),
        _ => cell.trim().parse().ok(),
    }
}
