//! Linear classifiers without probabilities: they differ in how they are trained, not in how they
//! predict. `class_scores.rs` and `weighted_sums.rs` say which attributes are read.
//!
//! Output: `predict` gives labels, `decision_function` shape (n,) for two classes, else (n, k).
//!
//! Source of truth: `LinearClassifierMixin` in `sklearn/linear_model/_base.py`.

use super::class_scores::ClassScores;
use crate::{
    Block, ClassSpec, Classes, DataError, Estimator, Method, Output, ReadError, State, unsupported,
};

const METHODS: &[Method] = &[Method::Predict, Method::DecisionFunction];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec {
        paths,
        methods: METHODS,
        read: |state| Ok(Box::new(LinearClassifier::read(state)?)),
    }
}

/// The newest path, then that of 0.21 and before.
pub(crate) const CLASSES: &[&ClassSpec] = &[
    &class(&[
        "sklearn.linear_model._passive_aggressive.PassiveAggressiveClassifier",
        "sklearn.linear_model.passive_aggressive.PassiveAggressiveClassifier",
    ]),
    &class(&[
        "sklearn.linear_model._perceptron.Perceptron",
        "sklearn.linear_model.perceptron.Perceptron",
    ]),
    &class(&["sklearn.svm._classes.LinearSVC", "sklearn.svm.classes.LinearSVC"]),
];

#[derive(Debug)]
struct LinearClassifier {
    scores: ClassScores,
}

impl LinearClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        Ok(Self { scores: ClassScores::read(state)? })
    }
}

impl Estimator for LinearClassifier {
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
            _ => Err(unsupported("a linear classifier", method)),
        }
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.scores.classes)
    }
}
