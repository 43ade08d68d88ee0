//! The layers of a multi-layer perceptron.
//!
//! | attribute         | shape                                             | meaning                       | since |
//! |-------------------|---------------------------------------------------|-------------------------------|-------|
//! | `coefs_`          | one matrix per layer, (units before, units after) | weights                       | 0.18  |
//! | `intercepts_`     | one array per layer, (units after,)               | added to the weighted sums    | 0.18  |
//! | `activation`      | identity, logistic, tanh or relu                  | after each layer but the last | 0.18  |
//! | `out_activation_` | identity, logistic, softmax; exp                  | after the last                | 0.18; 1.7 |
//!
//! Python sums by a BLAS whose order of additions depends on the processor and on the number of rows;
//! here products are added in column order, so results agree to the rounding of the sums.
//!
//! Source of truth: `_forward_pass_fast` in `sklearn/neural_network/_multilayer_perceptron.py`.

use kernels::linear::add_weighted;
use kernels::{exp, rows};
use object_graph::Scalar;

use crate::{Block, Csr, DataError, Dense, Matrix, Nan, Precision, ReadError, State};

#[derive(Debug)]
pub(super) struct Layers {
    layers: Vec<Layer>,
    hidden: Activation,
    output: Activation,
    precision: Precision,
}

#[derive(Debug)]
struct Layer {
    /// One row per unit: a weight per unit of the layer before.
    weights: Matrix,
    intercepts: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Activation {
    Identity,
    Logistic,
    Tanh,
    Relu,
    Softmax,
    Exp,
}

/// A column of numbers per unit.
type Units = Vec<Vec<f64>>;

impl Layers {
    pub(super) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let coefs = state.list("coefs_")?;
        let intercepts = state.list("intercepts_")?;
        if coefs.is_empty() || coefs.len() != intercepts.len() {
            let text = format!("has {} layers, intercepts_ {}", coefs.len(), intercepts.len());
            return Err(state.get("coefs_")?.invalid(text));
        }
        let mut layers: Vec<Layer> = Vec::with_capacity(coefs.len());
        for (coef, intercept) in coefs.iter().zip(&intercepts) {
            let before = layers.last().map(|it| it.intercepts.len());
            layers.push(Layer::read(coef, intercept, before)?);
        }
        let single = coefs.iter().chain(&intercepts).all(is_single);
        let layers = Self {
            layers,
            hidden: Activation::read(&state.get("activation")?)?,
            output: Activation::read(&state.get("out_activation_")?)?,
            precision: if single { Precision::Single } else { Precision::Double },
        };
        state.n_features_in(layers.n_features_in())?;
        Ok(layers)
    }

    pub(super) fn n_features_in(&self) -> usize {
        self.layers.first().map_or(0, |it| it.weights.n_cols)
    }

    /// Number of units of the last layer, at least 1.
    pub(super) fn n_outputs(&self) -> usize {
        self.layers.last().map_or(0, |it| it.intercepts.len())
    }

    /// What the last layer gives: a column per unit.
    pub(super) fn forward(&self, input: Block) -> Result<(Units, Precision), DataError> {
        input.check_width(self.n_features_in())?;
        let precision = match (input.precision(), self.precision) {
            (Precision::Single, Precision::Single) => Precision::Single,
            _ => Precision::Double,
        };
        let n_rows = input.n_rows();
        let mut units: Units = Vec::new();
        let last = self.layers.len() - 1;
        let first = First::new(input)?;
        for (i, layer) in self.layers.iter().enumerate() {
            units = match &first {
                First::Dense(x) if i == 0 => layer.sums(&x.slices(), n_rows),
                First::Sparse(x) if i == 0 => layer.sparse_sums(x),
                _ => layer.sums(&slices(&units), n_rows),
            };
            round(&mut units, precision);
            layer.add_intercepts(&mut units);
            round(&mut units, precision);
            let activation = if i == last { self.output } else { self.hidden };
            activation.apply(&mut units);
            round(&mut units, precision);
        }
        Ok((units, precision))
    }
}

/// The rows of the first layer, free of gaps and infinities.
enum First {
    Dense(Dense),
    Sparse(Csr),
}

impl First {
    fn new(input: Block) -> Result<Self, DataError> {
        if let Block::Sparse(it) = input {
            it.check_finite(Nan::Refused)?;
            return Ok(Self::Sparse(it));
        }
        let dense = input.into_numbers()?;
        dense.check_finite(Nan::Refused)?;
        Ok(Self::Dense(dense))
    }
}

impl Layer {
    fn read(
        coef: &State<'_>,
        intercept: &State<'_>,
        before: Option<usize>,
    ) -> Result<Self, ReadError> {
        let matrix = coef.as_matrix()?;
        let intercepts = intercept.as_floats()?;
        let (n_in, n_out) = (matrix.n_rows, matrix.n_cols);
        if before.is_some_and(|it| it != n_in) || n_in == 0 || n_out == 0 {
            let text =
                format!("has shape ({n_in}, {n_out}), which does not follow the layer before");
            return Err(coef.invalid(text));
        }
        if intercepts.len() != n_out {
            let text = format!("has {} values, expected {n_out}", intercepts.len());
            return Err(intercept.invalid(text));
        }
        coef.charge(matrix.data.len().saturating_mul(8))?;
        let column = |unit: usize| matrix.data.iter().skip(unit).step_by(n_out).copied();
        let data = (0..n_out).flat_map(column).collect();
        Ok(Self { weights: Matrix { n_rows: n_out, n_cols: n_in, data }, intercepts })
    }

    fn sums(&self, inputs: &[&[f64]], n_rows: usize) -> Units {
        let unit = |weights: &[f64]| {
            let mut sums = vec![0.0; n_rows];
            add_weighted(inputs, weights, &mut sums);
            sums
        };
        self.weights.rows().map(unit).collect()
    }

    /// In stored order, as scipy adds.
    fn sparse_sums(&self, x: &Csr) -> Units {
        let unit = |weights: &[f64]| {
            let sum = |row| x.row(row).fold(0.0, |sum, (column, x)| sum + x * weights[column]);
            (0..x.n_rows()).map(sum).collect()
        };
        self.weights.rows().map(unit).collect()
    }

    fn add_intercepts(&self, units: &mut Units) {
        for (unit, intercept) in units.iter_mut().zip(&self.intercepts) {
            unit.iter_mut().for_each(|x| *x += intercept);
        }
    }
}

impl Activation {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        match state.as_text()? {
            "identity" => Ok(Self::Identity),
            "logistic" => Ok(Self::Logistic),
            "tanh" => Ok(Self::Tanh),
            "relu" => Ok(Self::Relu),
            "softmax" => Ok(Self::Softmax),
            "exp" => Ok(Self::Exp),
            it => Err(state.unsupported(format!("is {it:?}, an activation that is not supported"))),
        }
    }

    fn apply(self, units: &mut Units) {
        match self {
            Self::Identity => {}
            Self::Logistic => units.iter_mut().for_each(|it| rows::expit(it)),
            Self::Tanh => units.iter_mut().flatten().for_each(|x| *x = x.tanh()),
            Self::Relu => units.iter_mut().flatten().for_each(|x| {
                // Not `max`, which would turn NaN into 0.
                if *x < 0.0 {
                    *x = 0.0;
                }
            }),
            Self::Softmax => rows::softmax(units),
            Self::Exp => units.iter_mut().for_each(|it| exp::exp(it)),
        }
    }
}

fn is_single(state: &State<'_>) -> bool {
    let array = state.value().as_array();
    array.is_some_and(|it| it.dtype.scalar == Scalar::Float && it.dtype.itemsize == 4)
}

fn slices(units: &Units) -> Vec<&[f64]> {
    units.iter().map(Vec::as_slice).collect()
}

fn round(units: &mut Units, precision: Precision) {
    if precision == Precision::Single {
        units.iter_mut().flatten().for_each(|x| *x = f64::from(*x as f32));
    }
}
