//! What a model takes, for those who describe it.

use estimators::ColumnKind;

use crate::Predictor;

/// One input of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its name; `0`, `1`, … if the model knows none.
    pub name: String,
    /// How its cells are read.
    pub kind: InputKind,
    /// Values it was trained with, where the model lists them.
    pub categories: Vec<String>,
}

/// How an input's cells are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputKind {
    /// As a number.
    Number,
    /// As the text it is.
    Text,
}

/// The inputs that a model uses.
pub(super) fn inputs(names: &[String], predictor: &Predictor) -> Vec<Input> {
    let kinds = predictor.column_kinds(names.len());
    let used = names.iter().zip(kinds).filter(|(_, kind)| *kind != ColumnKind::Unused);
    used.map(|(name, kind)| {
        let kind = if kind == ColumnKind::Text { InputKind::Text } else { InputKind::Number };
        Input { name: name.clone(), kind, categories: Vec::new() }
    })
    .collect()
}
