//! A column of windows: each cell holds all numbers that the model takes of its row, as a JSON list, flat or nested.
//! `null` is a number that is missing.

use std::sync::Arc;

use estimators::{Column, ColumnKind, Dtype};
use serde_json::Value;

use super::answers::Answers;
use super::inputs::{Input, InputKind};
use super::shape::{MOST_NUMBERS, Shape};
use super::{Cell, Columns};
use crate::columns::Written;
use crate::problems::Problems;
use crate::{Category, Error, Predictor};

/// Where a model finds its windows, and their shape.
#[derive(Debug)]
pub(super) struct Window {
    column: String,
    shape: Shape,
}

impl Window {
    /// # Errors
    /// A model that takes columns by name, texts, or any number of columns.
    pub(super) fn new(column: &str, predictor: &Predictor) -> Result<Self, Error> {
        let refuse = |text: &str| {
            let text = format!("{} takes no window: {text}", predictor.class_name());
            Error::new(Category::Request, text)
        };
        let n = predictor.n_features_in();
        if n == 0 || predictor.takes_names() {
            return Err(refuse("it does not say how many numbers a row has"));
        }
        if predictor.column_kinds(n).contains(&ColumnKind::Text) {
            return Err(refuse("some of its inputs are texts"));
        }
        let shape = Shape::new(&predictor.shape()).ok_or_else(|| {
            refuse(&format!("a row has {n} numbers, at most {MOST_NUMBERS} are taken"))
        })?;
        Ok(Self { column: column.to_owned(), shape })
    }

    pub(super) fn input(&self) -> Input {
        let (name, shape) = (self.column.clone(), self.shape.axes().to_vec());
        let kind = InputKind::Window;
        Input { name, kind, categories: Vec::new(), is_closed: false, typical: None, shape }
    }

    /// A column of numbers for each place of the window.
    ///
    /// # Errors
    /// There is no such column; what is no list of as many numbers, all of them.
    pub(super) fn numbers(&self, columns: &Columns) -> Result<Vec<Column>, Error> {
        let Some(at) = columns.position(&self.column) else {
            let text = format!("Missing required feature columns: {}", self.column);
            return Err(Error::new(Category::Data, text));
        };
        let mut problems = Problems::default();
        let mut all = vec![Vec::with_capacity(columns.n_rows()); self.shape.n()];
        for (row, cell) in columns.column(at).iter().enumerate() {
            match self.parse(cell) {
                Ok(numbers) => all.iter_mut().zip(numbers).for_each(|(it, x)| it.push(x)),
                Err(wrong) => {
                    let place = || columns.place(Some(row), Some(&self.column));
                    problems.add(|| format!("{}{wrong}", place()));
                }
            }
        }
        problems.none(Category::Data)?;
        Ok(all.into_iter().map(|it| Column::Number(Arc::new(it), Dtype::Float64)).collect())
    }

    /// Refuses answers that are NaN though no number of the window is missing: they are too large for `float32`.
    ///
    /// # Errors
    /// The windows without an answer, all of them.
    pub(super) fn answered(&self, columns: &Columns, answers: Answers) -> Result<Answers, Error> {
        let mut problems = Problems::default();
        let Some(at) = columns.position(&self.column) else { return Ok(answers) };
        for (row, cell) in columns.column(at).iter().enumerate() {
            let is_number = |it: &Written| match it {
                Written::Float(it) => !it.get(row).is_some_and(|it| it.is_nan()),
                Written::Float32(it) => !it.get(row).is_some_and(|it| it.is_nan()),
                _ => true,
            };
            let has_all = || matches!(cell, Cell::Text(it) if !it.contains("null"));
            if !answers.columns().iter().all(is_number) && has_all() {
                problems.add(|| {
                    let place = columns.place(Some(row), Some(&self.column));
                    format!("{place}: the model's answer is NaN: some of the numbers are too large for it")
                });
            }
        }
        problems.none(Category::Data).map(|()| answers)
    }

    /// Where a number of a window stands: `features[3][7]`.
    pub(super) fn place(&self, at: usize) -> String {
        format!("{}{}", self.column, self.shape.place(at))
    }

    /// The numbers of a cell; else what is wrong, beginning with its place in the window.
    fn parse(&self, cell: &Cell) -> Result<Vec<f64>, String> {
        let wrong = || format!(" is {}, {} is expected", cell.shown(), self.shape.noun());
        let Cell::Text(text) = cell else { return Err(wrong()) };
        // Nearly always a flat list of numbers.
        let flat = serde_json::from_str::<Vec<Option<f64>>>(text).ok();
        if let Some(flat) = flat.filter(|it| it.len() == self.shape.n()) {
            return Ok(flat.into_iter().map(|it| it.unwrap_or(f64::NAN)).collect());
        }
        let value: Value = serde_json::from_str(text).map_err(|_| wrong())?;
        let numbers = self.shape.flat(&value, &|it| it.is_number() || it.is_null())?;
        Ok(numbers.into_iter().map(|it| it.as_f64().unwrap_or(f64::NAN)).collect())
    }
}
