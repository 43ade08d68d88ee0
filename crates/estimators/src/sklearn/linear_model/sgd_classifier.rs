//! `SGDClassifier`: a linear classifier with probabilities for some losses.
//!
//! | attribute | shape | meaning                                                         | since |
//! |-----------|-------|-----------------------------------------------------------------|-------|
//! | `loss`    | text  | log_loss (log until 1.2) or modified_huber have probabilities   | any   |
//!
//! and those of `class_scores.rs` and `weighted_sums.rs`.
//!
//! Output: `predict` gives labels, `decision_function` shape (n,) for two classes, else (n, k),
//! `predict_proba` and `predict_log_proba` (n, k).
//!
//! Source of truth: `SGDClassifier` in `sklearn/linear_model/_stochastic_gradient.py`.

use kernels::rows;

use super::class_scores::ClassScores;
use super::weighted_sums::Scores;
use crate::{
    Block, ClassSpec, Classes, DataError, Estimator, Method, Output, ReadError, State, unsupported,
};

const METHODS: &[Method] =
    &[Method::Predict, Method::PredictProba, Method::PredictLogProba, Method::DecisionFunction];
const WITHOUT_PROBABILITIES: &[Method] = &[Method::Predict, Method::DecisionFunction];

/// The newest path, then that of 0.21 and before.
pub(crate) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.linear_model._stochastic_gradient.SGDClassifier",
        "sklearn.linear_model.stochastic_gradient.SGDClassifier",
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(SgdClassifier::read(state)?)),
};

#[derive(Debug)]
struct SgdClassifier {
    scores: ClassScores,
    loss: Loss,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loss {
    Log,
    ModifiedHuber,
    Other,
}

impl SgdClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let loss = match state.text("loss")? {
            "log" | "log_loss" => Loss::Log,
            "modified_huber" => Loss::ModifiedHuber,
            _ => Loss::Other,
        };
        Ok(Self { scores: ClassScores::read(state)?, loss })
    }

    fn predict_proba(&self, input: Block, method: Method) -> Result<Scores, DataError> {
        match self.loss {
            Loss::Log => self.scores.one_versus_rest(input),
            Loss::ModifiedHuber => Ok(clipped(self.scores.scores(input)?)),
            Loss::Other => Err(unsupported("an SGDClassifier with this loss", method)),
        }
    }
}

/// `(clip(score, -1, 1) + 1) / 2`, divided by the row's sum.
fn clipped(scores: Scores) -> Scores {
    let mut scores = scores.map(|column| {
        column.iter_mut().for_each(|x| *x = (x.clamp(-1.0, 1.0) + 1.0) / 2.0);
    });
    match scores.columns.len() {
        1 => scores.add_complement(),
        _ => rows::normalize(&mut scores.columns),
    }
    scores.round();
    scores
}

impl Estimator for SgdClassifier {
    fn n_features_in(&self) -> usize {
        self.scores.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        if self.loss == Loss::Other { WITHOUT_PROBABILITIES } else { METHODS }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Predict => self.scores.predict(input),
            Method::DecisionFunction => self.scores.decision_function(input),
            Method::PredictProba => self.predict_proba(input, method)?.into_matrix(),
            Method::PredictLogProba => {
                self.predict_proba(input, method)?.map(rows::ln).into_matrix()
            }
            _ => Err(unsupported("SGDClassifier", method)),
        }
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.scores.classes)
    }
}
