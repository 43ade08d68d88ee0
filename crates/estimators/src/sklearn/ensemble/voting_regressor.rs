//! `VotingRegressor`: the average of what its members predict.
//!
//! | attribute     | shape              | meaning     | since |
//! |---------------|--------------------|-------------|-------|
//! | `estimators_` | list of regressors | the members | 0.21  |
//!
//! and those of `average.rs`.
//!
//! Output: `predict` (n,), `transform` (n, members): what each of them predicts.
//!
//! Source of truth: `VotingRegressor` in `sklearn/ensemble/_voting.py`.

use super::average::Average;
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Dense, Estimator, Layout, Method, Output,
    Precision, ReadError, State, Values, members, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.ensemble._voting.VotingRegressor",
        "sklearn.ensemble.voting.VotingRegressor", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(VotingRegressor::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::Transform];

#[derive(Debug)]
struct VotingRegressor {
    members: Vec<Box<dyn Estimator>>,
    n_features: usize,
    average: Average,
}

impl VotingRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let list = state.get("estimators_")?;
        let members = members::read(&list)?;
        members::check_method(&list, &members, Method::Predict)?;
        let n_features = members::n_features_in(&list, &members)?;
        let average = Average::read(state, members.len())?;
        Ok(Self { members, n_features, average })
    }

    fn predictions(&self, input: &Block) -> Result<Vec<Dense>, DataError> {
        let parts = members::matrices(&self.members, Method::Predict, input)?;
        parts.iter().try_for_each(|it| members::check_width(it, 1))?;
        Ok(parts)
    }
}

impl Estimator for VotingRegressor {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        members::column_hints(&self.members)
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let predictions = match method {
            Method::Predict | Method::Transform => self.predictions(&input)?,
            _ => return Err(unsupported("VotingRegressor", method)),
        };
        if method == Method::Predict {
            return Ok(one_column(&self.average.of(&predictions)?));
        }
        let parts = predictions.into_iter().map(Block::Dense).collect();
        Block::hstack(parts, input.n_rows(), Layout::Dense).map(Output::Block)
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        members::column_kinds(&self.members)
    }

    fn blanks_are_underscores(&self) -> bool {
        members::blanks_are_underscores(&self.members)
    }

    fn selects_by_name(&self) -> bool {
        members::select_by_name(&self.members)
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.members.len())
    }
}

/// The first column of a matrix as a vector.
pub(super) fn one_column(matrix: &Dense) -> Output {
    let values = matrix.columns().first().map(|it| it.as_slice()).unwrap_or_default();
    Output::Vector(match matrix.precision() {
        Precision::Double => Values::Float(values.to_vec()),
        Precision::Single => Values::Float32(values.iter().map(|&x| x as f32).collect()),
    })
}
