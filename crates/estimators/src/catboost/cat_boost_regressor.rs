//! `CatBoostRegressor` and `CatBoostRanker`.
//!
//! | attribute                    | shape | meaning                                            | since |
//! |------------------------------|-------|----------------------------------------------------|-------|
//! | `__model`                    | bytes | the model: `learner.rs`                            | any   |
//! | `loss_function`, `objective` | text  | the regressor's loss, as the user wrote it         | any   |
//!
//! | regressor's loss             | `predict`                              |
//! |------------------------------|----------------------------------------|
//! | `Poisson…`, `Tweedie…`       | exponentials of raw predictions, (n,)  |
//! | `RMSEWithUncertainty`        | means and variances, (n, 2)            |
//! | any other                    | raw predictions, (n,) or (n, k)        |
//!
//! The ranker gives raw predictions. `raw_score` is `predict(X, prediction_type="RawFormulaVal")`.
//!
//! Source of truth: `CatBoostRegressor._get_default_prediction_type` and `CatBoostRanker.predict` in CatBoost's
//! `core.py`.

use super::learner::Learner;
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Estimator, Method, Output, State,
    unsupported,
};

pub(super) const REGRESSOR: ClassSpec = ClassSpec {
    paths: &["catboost.core.CatBoostRegressor"],
    methods: METHODS,
    read: |state| {
        let learner = Learner::read(state)?;
        let answer = Answer::of(loss(state).unwrap_or(&learner.info.loss));
        Ok(Box::new(CatBoostRegressor { learner, answer }))
    },
};

pub(super) const RANKER: ClassSpec = ClassSpec {
    paths: &["catboost.core.CatBoostRanker"],
    methods: METHODS,
    read: |state| {
        Ok(Box::new(CatBoostRegressor { learner: Learner::read(state)?, answer: Answer::Raw }))
    },
};

const METHODS: &[Method] = &[Method::Predict, Method::RawScore];

#[derive(Debug)]
struct CatBoostRegressor {
    learner: Learner,
    answer: Answer,
}

/// What `predict` gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Raw,
    Exponents,
    MeansAndVariances,
}

impl Answer {
    fn of(loss: &str) -> Self {
        match loss {
            it if it.starts_with("Poisson") || it.starts_with("Tweedie") => Self::Exponents,
            "RMSEWithUncertainty" => Self::MeansAndVariances,
            _ => Self::Raw,
        }
    }
}

/// The loss that the user gave; CatBoost's own file has none beside the model's.
fn loss<'g>(state: &State<'g>) -> Option<&'g str> {
    let text = |name: &str| state.optional(name)?.as_text().ok();
    text("objective").or_else(|| text("loss_function"))
}

impl Estimator for CatBoostRegressor {
    fn n_features_in(&self) -> usize {
        self.learner.n_columns
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.learner.column_hints()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match (method, self.answer) {
            (Method::RawScore, _) | (Method::Predict, Answer::Raw) => {
                self.learner.raw_output(&input)
            }
            (Method::Predict, Answer::Exponents) => self.learner.exponents(&input),
            (Method::Predict, Answer::MeansAndVariances) => {
                self.learner.means_and_variances(&input)
            }
            _ => Err(unsupported("CatBoostRegressor", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.learner.column_kinds()
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.learner.feature_names.clone()
    }

    fn selects_by_name(&self) -> bool {
        self.learner.feature_names.is_some()
    }
}
