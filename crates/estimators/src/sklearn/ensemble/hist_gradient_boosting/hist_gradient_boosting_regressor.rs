//! `HistGradientBoostingRegressor`: a start and the sum of the trees, through the inverse link of the
//! loss. For the attributes see `predictors.rs` and `encoded_input.rs`.
//!
//! | loss                                                        | prediction   |
//! |-------------------------------------------------------------|--------------|
//! | squared error, absolute error, quantile                     | the sum      |
//! | Poisson, gamma                                              | exp(sum)     |
//!
//! Source of truth: `HistGradientBoostingRegressor.predict` in
//! `sklearn/ensemble/_hist_gradient_boosting/gradient_boosting.py`.

use super::encoded_input::EncodedInput;
use super::predictors::Predictors;
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Estimator, Method, Output, ReadError,
    State, unsupported,
};

pub(in crate::sklearn::ensemble) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingRegressor",
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(HistGradientBoostingRegressor::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict];

/// Losses whose sum is the prediction, older names among them.
const IDENTITY: &[&str] =
    &["least_squares", "squared_error", "least_absolute_deviation", "absolute_error", "quantile"];
const LOG: &[&str] = &["poisson", "gamma"];

#[derive(Debug)]
struct HistGradientBoostingRegressor {
    input: EncodedInput,
    trees: Predictors,
    log_link: bool,
}

impl HistGradientBoostingRegressor {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let loss = state.text("loss")?;
        let log_link = LOG.contains(&loss);
        if !log_link && !IDENTITY.contains(&loss) {
            return Err(state.get("loss")?.unsupported(format!("is {loss:?}, which is unknown")));
        }
        let input = EncodedInput::read(state)?;
        let trees = Predictors::read(state, input.n_features())?;
        if trees.n_columns() != 1 {
            return Err(state.get("n_trees_per_iteration_")?.invalid("is not 1"));
        }
        Ok(Self { input, trees, log_link })
    }
}

impl Estimator for HistGradientBoostingRegressor {
    fn n_features_in(&self) -> usize {
        self.input.n_features()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.input.column_hints(self.trees.column_hints())
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("HistGradientBoostingRegressor", method));
        }
        let x = self.input.encode(input)?;
        let mut sums = self.trees.raw(&x).pop().unwrap_or_default();
        if self.log_link {
            sums.iter_mut().for_each(|x| *x = x.exp());
        }
        Ok(Output::floats(sums))
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.input.column_kinds()
    }
}
