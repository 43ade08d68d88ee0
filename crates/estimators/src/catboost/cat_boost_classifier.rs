//! `CatBoostClassifier`: for the model and its probabilities see `learner.rs`.
//!
//! | attribute | shape | meaning                         | since |
//! |-----------|-------|---------------------------------|-------|
//! | `__model` | bytes | the model, which has the labels | any   |
//!
//! | trained on        | `predict`                                        |
//! |-------------------|--------------------------------------------------|
//! | two classes       | labels, (n,)                                     |
//! | more              | labels, (n, 1)                                   |
//! | rows with several labels | 0 or 1 for each label, (n, k)             |
//!
//! `decision_function` and `raw_score` are `predict(X, prediction_type="RawFormulaVal")`.
//!
//! Source of truth: `CatBoostClassifier` in CatBoost's `core.py`, `transform_predictions` in `_catboost.pyx`.

use super::learner::Learner;
use crate::sklearn::largest;
use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Estimator, Method, Output,
    ReadError, State, Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["catboost.core.CatBoostClassifier"],
    methods: METHODS,
    read: |state| Ok(Box::new(CatBoostClassifier::read(state)?)),
};

const METHODS: &[Method] = &[
    Method::Predict,
    Method::PredictProba,
    Method::PredictLogProba,
    Method::DecisionFunction,
    Method::RawScore,
];

#[derive(Debug)]
struct CatBoostClassifier {
    learner: Learner,
    /// None if rows have several labels.
    classes: Vec<Classes>,
}

impl CatBoostClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let learner = Learner::read(state)?;
        if learner.info.is_multilabel() {
            return Ok(Self { learner, classes: Vec::new() });
        }
        let Some(classes) = learner.info.classes.clone() else {
            return Err(state.invalid("has a model without class labels"));
        };
        let expected = if learner.n_sums() == 1 { 2 } else { learner.n_raw() };
        if classes.len() != expected {
            let text = format!("has {} labels for {expected} classes", classes.len());
            return Err(state.unsupported(text));
        }
        Ok(Self { learner, classes: vec![classes] })
    }

    fn labels(&self, input: &Block) -> Result<Output, DataError> {
        let raw = self.learner.raw(input)?;
        let threshold = self.learner.info.threshold;
        let Some(classes) = self.classes.first() else {
            let flags = |it: &Vec<f64>| it.iter().map(|x| i64::from(threshold < *x)).collect();
            return Ok(Output::Columns(raw.iter().map(|it| Values::Int(flags(it))).collect()));
        };
        if let [raw] = raw.as_slice() {
            let labels = raw.iter().map(|x| u32::from(threshold < *x)).collect();
            return Ok(Output::Vector(Values::Labels(labels, classes.clone())));
        }
        let mut row = vec![0.0; raw.len()];
        let label = |i: usize| {
            row.iter_mut().zip(&raw).for_each(|(x, column)| *x = column[i]);
            largest(&row)
        };
        let labels = (0..input.n_rows()).map(label).collect();
        Ok(Output::Columns(vec![Values::Labels(labels, classes.clone())]))
    }
}

impl Estimator for CatBoostClassifier {
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
        match method {
            Method::Predict => self.labels(&input),
            Method::PredictProba => self.learner.probabilities(&input),
            Method::PredictLogProba => self.learner.log_probabilities(&input),
            Method::DecisionFunction | Method::RawScore => self.learner.raw_output(&input),
            _ => Err(unsupported("CatBoostClassifier", method)),
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

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
