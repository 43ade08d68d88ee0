//! A scikit-learn scaler around a network: fitted on the features of one step, applied to each step of a
//! window; the prediction is put back in the units of one of its columns.
//!
//! As in Python: `scaler.transform(window)` in `float64`, then `float32` for the network; `inverse_transform`
//! of a row that holds the prediction in its column.

use std::sync::Arc;

use super::declaration::{Declaration, Inputs, Target};
use super::network::Network;
use super::shape::Shape;
use crate::{
    Block, Classes, DataError, Dense, Estimator, Method, Model, Output, ReadError, State, Values,
};

/// A network behind its scaler.
#[derive(Debug)]
pub(super) struct Scaled {
    network: Network,
    scaler: Arc<Model>,
    inputs: Inputs,
    target: Option<usize>,
}

impl Scaled {
    pub(super) fn new(
        network: Network,
        scaler: Arc<Model>,
        declaration: &Declaration,
        state: &State<'_>,
    ) -> Result<Self, ReadError> {
        let n_features = network.input().last();
        if scaler.n_features_in() != n_features {
            return Err(state.invalid(format!(
                "takes {n_features} features a step, but the scaler is for {}",
                scaler.n_features_in()
            )));
        }
        let by_default = matches!(network.input(), Shape::Matrix(..)) && !network.is_classifier();
        let target = match declaration.target {
            None => by_default.then_some(0),
            Some(Target::Column(it)) => Some(it),
            Some(Target::Any(false)) => None,
            Some(Target::Any(true)) => {
                return Err(state
                    .invalid("has target = true; the number of the scaler's column is expected"));
            }
        };
        if target.is_some_and(|it| n_features <= it) {
            return Err(
                state.invalid(format!("has a target beyond the scaler's {n_features} columns"))
            );
        }
        let needs = |method: Method| scaler.methods().contains(&method);
        if declaration.inputs == Inputs::Raw && !needs(Method::Transform) {
            return Err(state.invalid(format!(
                "cannot be scaled by a {}: it has no transform",
                scaler.class()
            )));
        }
        if target.is_some() && !needs(Method::InverseTransform) {
            let text = format!(
                "cannot be put back in units by a {}: it has no inverse_transform",
                scaler.class()
            );
            return Err(state.invalid(text));
        }
        Ok(Self { network, scaler, inputs: declaration.inputs, target })
    }

    /// One row for each step.
    fn scaled(&self, rows: &Dense, n_features: usize) -> Result<Dense, DataError> {
        let n_steps = rows.n_cols() / n_features.max(1);
        let n_rows = rows.n_rows();
        let column = |feature: usize| {
            let of_row = |row| (0..n_steps).map(move |step| (row, step));
            let places = (0..n_rows).flat_map(of_row);
            places.map(|(row, step)| rows.column(step * n_features + feature)[row]).collect()
        };
        let steps = Dense::new(n_rows * n_steps, (0..n_features).map(column).collect())?;
        let scaled = self.scaler.call(Method::Transform, Block::Dense(steps)).map_err(|err| {
            // The scaler counts steps and features; the table rows and columns.
            let step = err.row.map(|it| it % n_steps.max(1));
            let column = step.zip(err.column).map(|(step, it)| step * n_features + it);
            DataError { row: err.row.map(|it| it / n_steps.max(1)), column, text: err.text }
        })?;
        scaled.into_block()?.into_dense(n_features)
    }

    /// The predictions in units.
    fn in_units(&self, target: usize, predicted: &[f32]) -> Result<Vec<f64>, DataError> {
        let n_features = self.network.input().last();
        let mut columns = vec![vec![0.0; predicted.len()]; n_features];
        columns[target] = predicted.iter().copied().map(f64::from).collect();
        let block = Block::Dense(Dense::new(predicted.len(), columns)?);
        let units = self.scaler.call(Method::InverseTransform, block)?;
        Ok(units.into_block()?.into_dense(n_features)?.column(target).to_vec())
    }
}

impl Estimator for Scaled {
    fn n_features_in(&self) -> usize {
        self.network.n_in()
    }

    fn methods(&self) -> &[Method] {
        self.network.methods()
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let rows = input.into_dense(self.network.n_in())?;
        let n_features = self.network.input().last();
        let n_steps = rows.n_cols() / n_features.max(1);
        let columns = if self.inputs == Inputs::Raw {
            let scaled = self.scaled(&rows, n_features)?;
            let fill = |row: usize, values: &mut Vec<f32>| {
                for step in row * n_steps..(row + 1) * n_steps {
                    values.extend(scaled.columns().iter().map(|it| it[step] as f32));
                }
            };
            self.network.columns(rows.n_rows(), &fill)?
        } else {
            let fill = |row: usize, values: &mut Vec<f32>| {
                values.extend(rows.columns().iter().map(|it| it[row] as f32));
            };
            self.network.columns(rows.n_rows(), &fill)?
        };
        let (Some(target), Method::Predict) = (self.target, method) else {
            return self.network.answer(method, columns);
        };
        let units = columns.iter().map(|it| self.in_units(target, it));
        let mut units = units.collect::<Result<Vec<_>, _>>()?;
        match units.as_mut_slice() {
            [only] => Ok(Output::Vector(Values::Float(std::mem::take(only)))),
            _ => Ok(Output::dense(Dense::new(rows.n_rows(), units)?)),
        }
    }

    fn classes(&self) -> &[Classes] {
        self.network.classes()
    }
}
