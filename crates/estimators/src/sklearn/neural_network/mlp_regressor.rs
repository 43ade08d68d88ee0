//! `MLPRegressor`: a multi-layer perceptron whose last layer is the answer.
//!
//! Attributes: those of `layers.rs`. Output: shape (n,) for one unit, else (n, units).
//!
//! Source of truth: `MLPRegressor.predict` in `sklearn/neural_network/_multilayer_perceptron.py`.

use super::layers::Layers;
use crate::{
    Block, ClassSpec, DataError, Dense, Estimator, Method, Output, Precision, ReadError, State,
    Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.neural_network._multilayer_perceptron.MLPRegressor",
        "sklearn.neural_network.multilayer_perceptron.MLPRegressor", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(MlpRegressor::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict];

#[derive(Debug)]
struct MlpRegressor {
    layers: Layers,
}

impl MlpRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        Ok(Self { layers: Layers::read(state)? })
    }
}

impl Estimator for MlpRegressor {
    fn n_features_in(&self) -> usize {
        self.layers.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("MLPRegressor", method));
        }
        let n_rows = input.n_rows();
        let (mut units, precision) = self.layers.forward(input)?;
        if let [only] = units.as_mut_slice() {
            let only = std::mem::take(only);
            return Ok(Output::Vector(match precision {
                Precision::Double => Values::Float(only),
                Precision::Single => Values::Float32(only.iter().map(|&x| x as f32).collect()),
            }));
        }
        let mut dense = Dense::new(n_rows, units)?;
        dense.dtype = precision.into();
        Ok(Output::dense(dense))
    }
}
