//! `RidgeClassifier` and `RidgeClassifierCV`: one weighted sum per class, trained towards -1 and 1.
//!
//! | attribute                    | shape | meaning                                          | since |
//! |------------------------------|-------|--------------------------------------------------|-------|
//! | `_label_binarizer.classes_`  | (k,)  | class labels, or the numbers of the label columns | any   |
//! | `_label_binarizer.y_type_`   | text  | "multilabel-indicator": several labels a row      | any   |
//!
//! and those of `weighted_sums.rs`.
//!
//! Output: `predict` gives labels; of a multilabel model (n, k) integers, 1 where the score is above 0.
//! `decision_function` has shape (n,) for two classes, else (n, k).
//!
//! Source of truth: `_RidgeClassifierMixin` in `sklearn/linear_model/_ridge.py`.

use super::class_scores::ClassScores;
use super::weighted_sums::WeightedSums;
use crate::{
    Block, ClassSpec, Classes, DataError, Estimator, Method, Output, ReadError, State, Values,
    unsupported,
};

const METHODS: &[Method] = &[Method::Predict, Method::DecisionFunction];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read }
}

/// The newest path, then that of 0.21 and before.
pub(crate) const CLASSES: &[&ClassSpec] = &[
    &class(&[
        "sklearn.linear_model._ridge.RidgeClassifier",
        "sklearn.linear_model.ridge.RidgeClassifier",
    ]),
    &class(&[
        "sklearn.linear_model._ridge.RidgeClassifierCV",
        "sklearn.linear_model.ridge.RidgeClassifierCV",
    ]),
];

fn read(state: &State<'_>) -> Result<Box<dyn Estimator>, ReadError> {
    let binarizer = state.get("_label_binarizer")?;
    let classes = binarizer.classes("classes_")?;
    if !binarizer.text_or("y_type_", "multiclass")?.starts_with("multilabel") {
        let scores = ClassScores::with_classes(state, classes)?;
        return Ok(Box::new(RidgeClassifier { scores }));
    }
    let sums = WeightedSums::read(state)?;
    if sums.n_targets() != classes.len() {
        let text = format!("has {} rows for {} labels", sums.n_targets(), classes.len());
        return Err(state.get("coef_")?.invalid(text));
    }
    let classes = vec![Classes::Int([0, 1].into()); classes.len()];
    Ok(Box::new(MultilabelRidgeClassifier { sums, classes }))
}

#[derive(Debug)]
struct RidgeClassifier {
    scores: ClassScores,
}

impl Estimator for RidgeClassifier {
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
            _ => Err(unsupported("RidgeClassifier", method)),
        }
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.scores.classes)
    }
}

#[derive(Debug)]
struct MultilabelRidgeClassifier {
    sums: WeightedSums,
    classes: Vec<Classes>,
}

impl Estimator for MultilabelRidgeClassifier {
    fn n_features_in(&self) -> usize {
        self.sums.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Predict => {
                let scores = self.sums.scores(input)?;
                let above = |score: &f64| i64::from(*score > 0.0);
                let columns = scores.columns.iter();
                let labels = columns.map(|it| Values::Int(it.iter().map(above).collect()));
                Ok(Output::Columns(labels.collect()))
            }
            Method::DecisionFunction => self.sums.scores(input)?.into_matrix(),
            _ => Err(unsupported("RidgeClassifier", method)),
        }
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
