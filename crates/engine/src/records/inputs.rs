//! What a model takes, for those who describe it.

use estimators::{Category, ColumnKind};
use serde_json::{Value, json};

use super::Cell;
use crate::Predictor;

/// One input of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its name; `0`, `1`, … if the model knows none.
    pub name: String,
    /// How its cells are read.
    pub kind: InputKind,
    /// Values it was trained with, where the model lists them: at most [`estimators::MOST_CATEGORIES`], else none.
    pub categories: Vec<String>,
    /// Whether the model refuses values that are not among the categories.
    pub is_closed: bool,
    /// A number like those it was trained with, where the model knows one.
    pub typical: Option<f64>,
    /// The shape of a window, outermost axis first; empty for a single value.
    pub shape: Vec<usize>,
}

/// How an input's cells are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputKind {
    /// As a number.
    Number,
    /// As the text it is.
    Text,
    /// As a JSON list of all numbers that the model takes of a row.
    Window,
}

impl Input {
    /// Its categories as JSON: numbers where it is read as a number.
    #[must_use]
    pub fn choices(&self) -> Vec<Value> {
        self.categories.iter().map(|it| self.value(it)).collect()
    }

    /// A value of it: a category, else a number like those it was trained with, in four digits, else nothing much.
    #[must_use]
    pub fn example(&self) -> Value {
        if let Some(it) = self.categories.iter().find(|it| !it.is_empty()) {
            return self.value(it);
        }
        match (self.kind, self.typical) {
            (InputKind::Number, Some(x)) => short(x),
            (InputKind::Number, None) => json!(0),
            (InputKind::Text, Some(x)) => json!(short(x).to_string()),
            (InputKind::Text, None) => json!(""),
            (InputKind::Window, _) => {
                let zeros = vec!["0"; self.shape.iter().product()];
                json!(format!("[{}]", zeros.join(",")))
            }
        }
    }

    fn value(&self, category: &str) -> Value {
        let number = || match category.parse::<i64>() {
            Ok(it) => Some(json!(it)),
            Err(_) => {
                Cell::Text(category.into()).number().filter(|x| x.is_finite()).map(|x| json!(x))
            }
        };
        let number = if self.kind == InputKind::Number { number() } else { None };
        number.unwrap_or_else(|| json!(category))
    }
}

/// A number as people write one: four digits, and whole numbers without a point.
fn short(x: f64) -> Value {
    let rounded: f64 = format!("{x:.3e}").parse().unwrap_or(x);
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
        json!(rounded as i64)
    } else {
        json!(rounded)
    }
}

/// The inputs that a model uses; all of them if it finds them by their place.
pub(super) fn inputs(names: &[String], predictor: &Predictor, is_by_name: bool) -> Vec<Input> {
    let kinds = predictor.column_kinds(names.len());
    let hints = predictor.column_hints(names.len());
    let all = names.iter().zip(kinds).zip(hints);
    let used = all.filter(|((_, kind), _)| !is_by_name || *kind != ColumnKind::Unused);
    used.map(|((name, kind), hint)| Input {
        name: name.clone(),
        kind: if kind == ColumnKind::Text { InputKind::Text } else { InputKind::Number },
        categories: hint.categories.iter().filter_map(Category::text).collect(),
        is_closed: hint.is_closed,
        typical: hint.typical,
        shape: Vec::new(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_do() {
        let texts: Vec<String> = [5.843_333, 1971.5, 33_072.0, -0.001_234_56, 1e22, 0.0]
            .map(short)
            .map(|it| it.to_string())
            .to_vec();
        assert_eq!(texts, ["5.843", "1972", "33070", "-0.001235", "1e+22", "0"]);
    }
}
