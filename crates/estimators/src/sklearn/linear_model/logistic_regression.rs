//! `LogisticRegression` and `LogisticRegressionCV`.
//!
//! | attribute     | shape                                      | meaning                      | since      |
//! |---------------|--------------------------------------------|------------------------------|------------|
//! | `multi_class` | ovr, multinomial, auto, warn or deprecated | how probabilities are formed | until 1.7  |
//! | `solver`      | text                                       | decides `multi_class="auto"` | any        |
//!
//! and those of `class_scores.rs` and `weighted_sums.rs`.
//!
//! Output: `predict` gives labels, `decision_function` shape (n,) for two classes, else (n, k),
//! `predict_proba` and `predict_log_proba` (n, k). The probabilities of several classes are the softmax
//! of the scores, or, one versus rest, logistic functions divided by their sum. A multinomial model of
//! two classes takes the softmax of `-score` and `score`, but is a plain logistic model since 1.8.
//!
//! Source of truth: `LogisticRegression.predict_proba` in `sklearn/linear_model/_logistic.py`.

use kernels::rows;

use super::class_scores::ClassScores;
use super::weighted_sums::Scores;
use crate::{
    Block, ClassSpec, Classes, DataError, Estimator, Method, Output, ReadError, State, Version,
    unsupported,
};

const METHODS: &[Method] =
    &[Method::Predict, Method::PredictProba, Method::PredictLogProba, Method::DecisionFunction];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec {
        paths,
        methods: METHODS,
        read: |state| Ok(Box::new(LogisticRegression::read(state)?)),
    }
}

/// The newest path, then that of 0.21 and before.
pub(crate) const CLASSES: &[&ClassSpec] = &[
    &class(&[
        "sklearn.linear_model._logistic.LogisticRegression",
        "sklearn.linear_model.logistic.LogisticRegression",
    ]),
    &class(&[
        "sklearn.linear_model._logistic.LogisticRegressionCV",
        "sklearn.linear_model.logistic.LogisticRegressionCV",
    ]),
];

#[derive(Debug)]
struct LogisticRegression {
    scores: ClassScores,
    probabilities: Probabilities,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Probabilities {
    OneVersusRest,
    Softmax,
}

impl LogisticRegression {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let scores = ClassScores::read(state)?;
        let probabilities = read_probabilities(state, scores.classes.len())?;
        Ok(Self { scores, probabilities })
    }

    fn predict_proba(&self, input: Block) -> Result<Scores, DataError> {
        if self.probabilities == Probabilities::OneVersusRest {
            return self.scores.one_versus_rest(input);
        }
        let mut scores = self.scores.scores(input)?;
        if let [only] = scores.columns.as_slice() {
            let negated = only.iter().map(|x| -x).collect();
            scores.columns.insert(0, negated);
        }
        rows::softmax(&mut scores.columns);
        scores.round();
        Ok(scores)
    }
}

fn read_probabilities(state: &State<'_>, n_classes: usize) -> Result<Probabilities, ReadError> {
    use Probabilities::{OneVersusRest, Softmax};
    let of = |one_versus_rest| if one_versus_rest { OneVersusRest } else { Softmax };
    let Some(multi_class) = state.optional("multi_class") else {
        return Ok(of(n_classes <= 2));
    };
    match multi_class.as_text()? {
        "ovr" | "warn" => Ok(OneVersusRest),
        "multinomial" => Ok(Softmax),
        "auto" | "deprecated" => {
            let one_versus_rest = match state.text_or("solver", "lbfgs")? {
                "liblinear" => true,
                "newton-cholesky" => state.version() < Version::new(1, 6),
                _ => false,
            };
            Ok(of(n_classes <= 2 || one_versus_rest))
        }
        other => Err(multi_class.unsupported(format!("is {other:?}, which is not supported"))),
    }
}

impl Estimator for LogisticRegression {
    fn n_features_in(&self) -> usize {
        self.scores.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Predict => self.scores.predict(input),
            Method::DecisionFunction => self.scores.decision_function(input),
            Method::PredictProba => self.predict_proba(input)?.into_matrix(),
            Method::PredictLogProba => self.predict_proba(input)?.map(rows::ln).into_matrix(),
            _ => Err(unsupported("LogisticRegression", method)),
        }
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.scores.classes)
    }
}
