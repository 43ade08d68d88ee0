//! What a service answered, as the predictions or tensors of its rows.

use std::sync::Arc;

use engine::Written;
use serde_json::{Value, json};

/// What a service answered.
pub(super) struct Answered {
    answer: Value,
    pub(super) n_rows: usize,
    /// The lists that are the rows', if more have as many values.
    of_rows: Option<Vec<String>>,
}

impl Answered {
    pub(super) fn new(answer: Value, n_rows: usize) -> Self {
        Self { answer, n_rows, of_rows: None }
    }

    /// Whether several lists have as many values as there are rows: some may have them by chance.
    pub(super) fn is_ambiguous(&self) -> bool {
        1 < self.lists().len()
    }

    /// Leaves the lists that another answer, to another number of rows, has for its rows.
    pub(super) fn narrow(&mut self, other: &Self) {
        self.of_rows = Some(other.lists().iter().map(|it| it.0.to_owned()).collect());
    }

    /// What the answer calls `predictions`; else its one list with a value for each row, or all of it.
    pub(super) fn predictions(&self) -> Value {
        if self.answer["predictions"].is_array() {
            return self.answer["predictions"].clone();
        }
        match self.lists().as_slice() {
            [(_, one)] => json!(one),
            _ => self.answer.clone(),
        }
    }

    /// The lists with a value for each row, by name.
    fn lists(&self) -> Vec<(&str, &[Value])> {
        let is_for_rows = |it: &&[Value]| it.len() == self.n_rows;
        let is_known =
            |name: &str| self.of_rows.as_ref().is_none_or(|all| all.iter().any(|it| it == name));
        match &self.answer {
            Value::Array(all) => Some(all.as_slice())
                .filter(is_for_rows)
                .map(|it| ("predictions", it))
                .into_iter()
                .collect(),
            Value::Object(all) => {
                let lists = all
                    .iter()
                    .filter_map(|(name, it)| Some((name.as_str(), it.as_array()?.as_slice())));
                lists.filter(|it| is_for_rows(&it.1) && is_known(it.0)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The answer as tensors: each such list is one, of JSON texts if its values are of no one type; without any, the
    /// answer is a text.
    pub(super) fn tensors(&self) -> Vec<(String, Vec<Written>, usize)> {
        let tensor = |(name, list): (&str, &[Value])| (name.to_owned(), columns(list), list.len());
        let all: Vec<_> = self.lists().into_iter().map(tensor).collect();
        if !all.is_empty() {
            return all;
        }
        vec![("response".to_owned(), vec![texts(std::slice::from_ref(&self.answer))], 1)]
    }
}

/// A column of each place, if the values are lists of one length; else one column.
fn columns(values: &[Value]) -> Vec<Written> {
    let width = values.first().and_then(Value::as_array).map_or(0, Vec::len);
    let has_width = |it: &Value| it.as_array().is_some_and(|it| it.len() == width);
    if 0 < width && values.iter().all(has_width) {
        let column = |at: usize| {
            let cells: Vec<Value> = values.iter().map(|it| it[at].clone()).collect();
            column_of(&cells)
        };
        if let Some(all) = (0..width).map(column).collect() {
            return all;
        }
    }
    vec![column_of(values).unwrap_or_else(|| texts(values))]
}

/// A column of one type. Numbers are floats: whether they are whole, and whether one is missing, differs from request to request.
fn column_of(values: &[Value]) -> Option<Written> {
    Some(match Written::of_json(values)? {
        Written::Int(all) => {
            Written::Float(Arc::new(all.into_iter().map(|it| it as f64).collect()))
        }
        other => other,
    })
}

fn texts(values: &[Value]) -> Written {
    let texts: Vec<Value> = values.iter().map(|it| Value::String(engine::json_text(it))).collect();
    Written::of_json(&texts).unwrap_or(Written::Int(Vec::new()))
}
