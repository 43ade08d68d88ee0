//! `sklearn.feature_extraction`: numbers from text.

mod analyzer;
mod count_vectorizer;
mod hashing_vectorizer;
mod stop_words;
mod tfidf_transformer;
mod tfidf_vectorizer;
mod token_pattern;
mod vocabulary;
mod word_characters;

use crate::{Block, ClassSpec, Column, DataError, TextColumn};

pub(crate) const CLASSES: &[&ClassSpec] = &[
    &count_vectorizer::CLASS,
    &hashing_vectorizer::CLASS,
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
