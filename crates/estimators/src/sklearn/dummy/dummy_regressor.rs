//! `DummyRegressor`: the same numbers for every row, whatever strategy found them in training.
//!
//! | attribute    | shape        | meaning                                     | since |
//! |--------------|--------------|---------------------------------------------|-------|
//! | `constant_`  | (1, targets) | what is predicted; integers stay integers   | any   |
//! | `n_outputs_` | int          | number of targets                           | 0.20  |
//!
//! Output: `predict` (n,) or (n, targets). Rows may have any number of columns.
//!
//! Source of truth: `DummyRegressor.predict` in `sklearn/dummy.py`.

use object_graph::Scalar;

use crate::{
    Block, ClassSpec, ColumnKind, DataError, Estimator, Method, Output, ReadError, State, Values,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.dummy.DummyRegressor"],
    methods: METHODS,
    read: |state| Ok(Box::new(DummyRegressor::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict];

#[derive(Debug)]
struct DummyRegressor {
    constants: Constants,
    n_features: usize,
}

#[derive(Debug)]
enum Constants {
    Floats(Vec<f64>),
    Ints(Vec<i64>),
}

impl DummyRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let n_outputs = state.count("n_outputs_")?;
        let is_int = matches!(state.array("constant_")?.dtype.scalar, Scalar::Int | Scalar::UInt);
        let constants = if is_int {
            Constants::Ints(state.ints("constant_")?)
        } else {
            Constants::Floats(state.floats("constant_")?)
        };
        let found = match &constants {
            Constants::Floats(it) => it.len(),
            Constants::Ints(it) => it.len(),
        };
        if found == 0 || found != n_outputs {
            let text = format!("has {found} values for {n_outputs} outputs");
            return Err(state.get("constant_")?.invalid(text));
        }
        Ok(Self { constants, n_features: any_features(state)? })
    }
}

/// `n_features_in_` where it is known: a dummy takes rows of any width.
pub(super) fn any_features(state: &State<'_>) -> Result<usize, ReadError> {
    if state.has("n_features_in_") { state.count("n_features_in_") } else { Ok(0) }
}

impl Estimator for DummyRegressor {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("DummyRegressor", method));
        }
        let n = input.n_rows();
        let mut columns: Vec<Values> = match &self.constants {
            Constants::Floats(it) => it.iter().map(|&x| Values::Float(vec![x; n])).collect(),
            Constants::Ints(it) => it.iter().map(|&x| Values::Int(vec![x; n])).collect(),
        };
        match (columns.len(), columns.pop()) {
            (1, Some(only)) => Ok(Output::Vector(only)),
            (_, last) => Ok(Output::Columns(columns.into_iter().chain(last).collect())),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        vec![ColumnKind::Unused; self.n_features]
    }
}
