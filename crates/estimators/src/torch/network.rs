//! The estimator: rows of numbers through the steps, one sample after the other.

use std::sync::Arc;

use super::shape::Shape;
use super::step::{Memory, NoVector, Step};
use crate::{
    Block, Classes, DataError, Dense, Dtype, Estimator, Method, Output, Values, unsupported,
};

/// How the outputs are probabilities of the classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shares {
    /// They are.
    All,
    /// Their logarithms.
    Logarithms,
    /// The only output is that of the second of two classes.
    OfSecond,
}

/// A network whose shapes fit.
#[derive(Debug)]
pub(super) struct Network {
    steps: Vec<Step>,
    input: Shape,
    output: Shape,
    classes: Vec<Classes>,
    shares: Option<Shares>,
}

impl Network {
    pub(super) fn new(
        steps: Vec<Step>,
        input: Shape,
        output: Shape,
        classes: Option<Classes>,
        shares: Option<Shares>,
    ) -> Self {
        Self { steps, input, output, classes: classes.into_iter().collect(), shares }
    }

    pub(super) fn input(&self) -> Shape {
        self.input
    }

    pub(super) fn n_in(&self) -> usize {
        self.input.len().unwrap_or(0)
    }

    pub(super) fn n_out(&self) -> usize {
        self.output.len().unwrap_or(0)
    }

    pub(super) fn is_classifier(&self) -> bool {
        !self.classes.is_empty()
    }

    /// The outputs by columns, for `n_rows` samples that `fill` writes.
    pub(super) fn columns(
        &self,
        n_rows: usize,
        fill: &dyn Fn(usize, &mut Vec<f32>),
    ) -> Result<Vec<Vec<f32>>, DataError> {
        let mut columns = vec![Vec::with_capacity(n_rows); self.n_out()];
        let (mut values, mut memory) = (Vec::new(), Memory::default());
        for row in 0..n_rows {
            values.clear();
            fill(row, &mut values);
            for step in &self.steps {
                step.run(&mut values, &mut memory).map_err(|it| no_vector(row, &it))?;
            }
            columns.iter_mut().zip(&values).for_each(|(column, x)| column.push(*x));
        }
        Ok(columns)
    }

    /// What a method makes of the outputs.
    pub(super) fn answer(
        &self,
        method: Method,
        mut columns: Vec<Vec<f32>>,
    ) -> Result<Output, DataError> {
        match (method, self.classes.first(), self.shares) {
            (Method::Predict, None, _) => match columns.as_mut_slice() {
                [only] => Ok(Output::Vector(Values::Float32(std::mem::take(only)))),
                _ => block(columns),
            },
            (Method::Predict, Some(classes), shares) => {
                Ok(Output::Vector(Values::Labels(labels(&columns, shares), classes.clone())))
            }
            (Method::PredictProba, _, Some(Shares::All)) => block(columns),
            (Method::PredictProba, _, Some(Shares::Logarithms)) => {
                let each = |x: &mut f32| *x = f64::from(*x).exp() as f32;
                columns.iter_mut().flatten().for_each(each);
                block(columns)
            }
            (Method::PredictProba, _, Some(Shares::OfSecond)) => {
                let first = columns.iter().flatten().map(|x| 1.0 - x).collect();
                columns.insert(0, first);
                block(columns)
            }
            _ => Err(unsupported("a network", method)),
        }
    }
}

fn no_vector(row: usize, it: &NoVector) -> DataError {
    let text =
        format!("the embedding takes whole numbers from 0 to {}", it.n_vectors.saturating_sub(1));
    DataError::cell(row, it.at, text)
}

/// The most probable class of each row, the first of several.
fn labels(columns: &[Vec<f32>], shares: Option<Shares>) -> Vec<u32> {
    if let (Some(Shares::OfSecond), [only]) = (shares, columns) {
        return only.iter().map(|x| u32::from(0.5 < *x)).collect();
    }
    let n_rows = columns.first().map_or(0, Vec::len);
    let label = |row: usize| {
        let mut best = 0;
        for at in 1..columns.len() {
            // As `argmax`: a NaN is the largest.
            let (x, most) = (columns[at][row], columns[best][row]);
            if most < x || x.is_nan() && !most.is_nan() {
                best = at;
            }
        }
        best as u32
    };
    (0..n_rows).map(label).collect()
}

/// Columns of `float32`.
fn block(columns: Vec<Vec<f32>>) -> Result<Output, DataError> {
    let n_rows = columns.first().map_or(0, Vec::len);
    let wide = |it: Vec<f32>| Arc::new(it.into_iter().map(f64::from).collect());
    let mut dense = Dense::from_columns(n_rows, columns.into_iter().map(wide).collect())?;
    dense.dtype = Dtype::Float32;
    Ok(Output::dense(dense))
}

impl Estimator for Network {
    fn n_features_in(&self) -> usize {
        self.n_in()
    }

    fn methods(&self) -> &[Method] {
        match self.shares {
            Some(_) => &[Method::Predict, Method::PredictProba],
            None => &[Method::Predict],
        }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let dense = input.into_dense(self.n_in())?;
        let fill = |row: usize, values: &mut Vec<f32>| {
            values.extend(dense.columns().iter().map(|it| it[row] as f32));
        };
        self.answer(method, self.columns(dense.n_rows(), &fill)?)
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
