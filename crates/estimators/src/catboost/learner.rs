//! A model that was checked: what a file, or `__model` in a pickle, predicts.
//!
//! | prediction type         | for one column r of raw predictions | for several                               |
//! |-------------------------|-------------------------------------|-------------------------------------------|
//! | `RawFormulaVal`         | r                                   | each                                      |
//! | `Class`                 | the second label if r > threshold   | the label of the first of the largest; for several labels each > threshold |
//! | `Probability`           | 1 - p and p = 1 / (1 + exp(-r))     | softmax, or each p                        |
//! | `LogProbability`        | -log(1 + exp(r)), -log(1 + exp(-r)) | the logarithm of the softmax, or of each p |
//! | `Exponent`              | exp(r)                              |                                           |
//! | `RMSEWithUncertainty`   |                                     | r0 and exp(2 r1)                          |
//!
//! A class that training rows did not have has the raw prediction minus infinity.
//!
//! Source of truth: `PrepareEval` in `catboost/libs/eval_result/eval_helpers.cpp`, `eval_processing.h`.

use std::ops::Range;

use kernels::exp::exp;
use kernels::fast_exp::{fast_exp, fast_exp_of_row};
use object_graph::Kind;

use super::info::Info;
use super::saved::{Features, NumberFeature, Saved};
use super::splits::{Columns, Splits};
use super::trees::Trees;
use super::{binary, json};
use crate::{
    Block, ColumnHint, ColumnKind, DataError, Dense, Output, ReadError, State, Values as Cells,
};

/// A model that predicts.
#[derive(Debug)]
pub(super) struct Learner {
    pub(super) info: Info,
    columns: Columns,
    /// The border in the middle of those of a column.
    typical: Vec<(usize, f32)>,
    trees: Trees,
    n_sums: usize,
    scale: f64,
    biases: Vec<f64>,
    pub(super) n_columns: usize,
    pub(super) feature_names: Option<Vec<String>>,
}

impl Learner {
    /// Reads an object of one of CatBoost's classes.
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let Some(model) = state.optional("__model") else {
            return Err(state.invalid("has no __model: the model was saved before it was fitted"));
        };
        let Kind::Bytes(bytes) = model.value().kind() else {
            return Err(model.wrong("bytes"));
        };
        let mut saved = if binary::is_binary(bytes) {
            binary::read(bytes, &model)?
        } else {
            json::read(bytes, &model)?
        };
        if let Some(range) = chosen_trees(state, saved.trees.len())? {
            let misfit = || model.invalid("has trees and leaf values that do not fit each other");
            saved.keep(range).ok_or_else(misfit)?;
        }
        Self::check(saved, &model)
    }

    fn check(saved: Saved, state: &State<'_>) -> Result<Self, ReadError> {
        let Saved { info, features, trees, leaf_values, n_sums, scale, biases } = saved;
        let mut splits = Splits::new(&features, state)?;
        let trees = Trees::new(&trees, &leaf_values, n_sums, &mut splits, state)?;
        let columns = splits.finish();
        if !scale.is_finite() || !biases.iter().all(|it| it.is_finite()) {
            return Err(state.invalid("has a scale or a bias that is not finite"));
        }
        let n_columns = n_columns(&features, state)?;
        let feature_names = feature_names(&features, n_columns);
        let middle = |it: &NumberFeature| {
            let border = it.borders.get(it.borders.len() / 2)?;
            Some((usize::try_from(it.column).ok()?, *border))
        };
        let typical = features.numbers.iter().filter_map(middle).collect();
        Ok(Self { info, columns, typical, trees, n_sums, scale, biases, n_columns, feature_names })
    }

    /// Columns of raw predictions.
    pub(super) fn n_sums(&self) -> usize {
        self.n_sums
    }

    /// Columns of `raw`.
    pub(super) fn n_raw(&self) -> usize {
        self.info.places.as_ref().map_or(self.n_sums, |it| it.0)
    }

    /// Of categories the file has hashes alone.
    pub(super) fn column_hints(&self) -> Vec<ColumnHint> {
        let mut hints = vec![ColumnHint::default(); self.n_columns];
        for (column, typical) in &self.typical {
            if let Some(it) = hints.get_mut(*column) {
                *it = ColumnHint::of_number(f64::from(*typical));
            }
        }
        hints
    }

    /// Columns that no tree looks at are not read.
    pub(super) fn column_kinds(&self) -> Vec<ColumnKind> {
        let mut kinds = vec![ColumnKind::Unused; self.n_columns];
        self.columns.number_columns().for_each(|it| kinds[it] = ColumnKind::Number);
        self.columns.category_columns().for_each(|it| kinds[it] = ColumnKind::Text);
        kinds
    }

    /// Raw predictions, column by column.
    pub(super) fn raw(&self, input: &Block) -> Result<Vec<Vec<f64>>, DataError> {
        input.check_width(self.n_columns)?;
        let cells = self.columns.cells(input)?;
        let columns = self.columns.slices(&cells);
        let mut sums = self.trees.sums(&columns, input.n_rows(), self.n_sums);
        let scale = self.scale;
        let has_bias = self.biases.iter().any(|it| *it != 0.0);
        for (number, sums) in sums.iter_mut().enumerate() {
            let bias = self.biases.get(number).copied().unwrap_or(0.0);
            match (scale == 1.0, has_bias) {
                (true, false) => {}
                (true, true) => sums.iter_mut().for_each(|x| *x += bias),
                (false, false) => sums.iter_mut().for_each(|x| *x *= scale),
                (false, true) => sums.iter_mut().for_each(|x| *x = scale * *x + bias),
            }
        }
        let Some((n_classes, places)) = &self.info.places else { return Ok(sums) };
        let mut raw = vec![vec![f64::NEG_INFINITY; input.n_rows()]; *n_classes];
        for (place, sums) in places.iter().zip(sums) {
            raw[*place] = sums;
        }
        Ok(raw)
    }

    /// `RawFormulaVal`.
    pub(super) fn raw_output(&self, input: &Block) -> Result<Output, DataError> {
        output(self.raw(input)?, input.n_rows())
    }

    /// `Exponent`.
    pub(super) fn exponents(&self, input: &Block) -> Result<Output, DataError> {
        let mut raw = self.raw(input)?;
        raw.truncate(1);
        raw.iter_mut().for_each(|it| fast_exp(it));
        output(raw, input.n_rows())
    }

    /// `RMSEWithUncertainty`: means and variances.
    pub(super) fn means_and_variances(&self, input: &Block) -> Result<Output, DataError> {
        let mut raw = self.raw(input)?;
        if let Some(it) = raw.get_mut(1) {
            it.iter_mut().for_each(|x| *x *= 2.0);
            fast_exp(it);
        }
        output(raw, input.n_rows())
    }

    /// `Probability`.
    pub(super) fn probabilities(&self, input: &Block) -> Result<Output, DataError> {
        let mut raw = self.raw(input)?;
        if let [one] = raw.as_mut_slice() {
            sigmoid(one);
            let first = one.iter().map(|p| 1.0 - p).collect();
            raw.insert(0, first);
        } else if self.info.is_one_vs_all() {
            raw.iter_mut().for_each(|it| sigmoid(it));
        } else {
            by_row(&mut raw, softmax);
        }
        Dense::new(input.n_rows(), raw).map(Output::dense)
    }

    /// `LogProbability`.
    pub(super) fn log_probabilities(&self, input: &Block) -> Result<Output, DataError> {
        let mut raw = self.raw(input)?;
        if let [one] = raw.as_slice() {
            raw.insert(0, one.iter().map(|x| -x).collect());
            raw.iter_mut().for_each(|it| log_sigmoid(it));
        } else if self.info.is_one_vs_all() {
            raw.iter_mut().for_each(|it| log_sigmoid(it));
        } else {
            by_row(&mut raw, log_softmax);
        }
        Dense::new(input.n_rows(), raw).map(Output::dense)
    }
}

/// The trees that are to predict, unless it is all.
fn chosen_trees(state: &State<'_>, n_trees: usize) -> Result<Option<Range<usize>>, ReadError> {
    match state.take_iterations().within(n_trees).map_err(|text| state.choice(text))? {
        (0, None) => Ok(None),
        (start, Some(end)) => Ok(Some(start..end)),
        (start, None) => Err(state.choice(format!(
            "is CatBoost's, which takes no start without an end: add the num_iteration {}",
            n_trees - start
        ))),
    }
}

/// The table's columns: up to the last that the file names.
fn n_columns(features: &Features, state: &State<'_>) -> Result<usize, ReadError> {
    let invalid = || state.invalid("has features without a column, or of one column");
    let mut columns: Vec<i64> = places(features).map(|it| it.0).collect();
    columns.sort_unstable();
    if columns.first().is_some_and(|it| *it < 0) || columns.windows(2).any(|it| it[0] == it[1]) {
        return Err(invalid());
    }
    let last = columns.last().map_or(Ok(0), |it| usize::try_from(it + 1).map_err(|_| invalid()))?;
    state.charge(last.saturating_mul(64))?;
    Ok(last)
}

/// Column and name of each feature.
fn places(features: &Features) -> impl Iterator<Item = (i64, &str)> {
    let numbers = features.numbers.iter().map(|it| (it.column, it.name.as_str()));
    let categories = features.categories.iter().map(|it| (it.column, it.name.as_str()));
    let others = features.others.iter().map(|it| (it.0, it.1.as_str()));
    numbers.chain(categories).chain(others)
}

/// The names, if all features have one. A column that the file does not mention is called by its number, as
/// Python calls it.
fn feature_names(features: &Features, n_columns: usize) -> Option<Vec<String>> {
    let mut names: Vec<String> = (0..n_columns).map(|it| it.to_string()).collect();
    for (column, name) in places(features) {
        let place = names.get_mut(usize::try_from(column).ok()?).filter(|_| !name.is_empty())?;
        name.clone_into(place);
    }
    (0 < n_columns).then_some(names)
}

/// One column is a vector.
fn output(mut columns: Vec<Vec<f64>>, n_rows: usize) -> Result<Output, DataError> {
    if columns.len() == 1 {
        return Ok(Output::Vector(Cells::Float(columns.pop().unwrap_or_default())));
    }
    Dense::new(n_rows, columns).map(Output::dense)
}

fn exp_of_minus(column: &mut [f64]) {
    column.iter_mut().for_each(|x| *x = -*x);
    exp(column);
}

fn sigmoid(column: &mut [f64]) {
    exp_of_minus(column);
    column.iter_mut().for_each(|x| *x = 1.0 / (1.0 + *x));
}

fn log_sigmoid(column: &mut [f64]) {
    exp_of_minus(column);
    column.iter_mut().for_each(|x| *x = -(1.0 + *x).ln());
}

/// Changes each row.
fn by_row(columns: &mut [Vec<f64>], change: fn(&mut [f64], &mut [f64])) {
    let mut row = vec![0.0; columns.len()];
    let mut scratch = row.clone();
    for i in 0..columns.first().map_or(0, Vec::len) {
        row.iter_mut().zip(&*columns).for_each(|(x, column)| *x = column[i]);
        change(&mut row, &mut scratch);
        columns.iter_mut().zip(&row).for_each(|(column, x)| column[i] = *x);
    }
}

/// What is above the largest, and the exponentials of it in `scratch`; their sum.
fn exponentials(row: &mut [f64], scratch: &mut [f64]) -> f64 {
    let top = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    row.iter_mut().for_each(|x| *x -= top);
    scratch.copy_from_slice(row);
    fast_exp_of_row(scratch);
    scratch.iter().fold(0.0, |sum, x| sum + x)
}

fn softmax(row: &mut [f64], scratch: &mut [f64]) {
    let sum = exponentials(row, scratch);
    row.iter_mut().zip(scratch).for_each(|(x, it)| *x = *it / sum);
}

fn log_softmax(row: &mut [f64], scratch: &mut [f64]) {
    let log_sum = exponentials(row, scratch).ln();
    row.iter_mut().for_each(|x| *x -= log_sum);
}
