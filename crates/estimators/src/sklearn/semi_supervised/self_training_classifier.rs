//! `SelfTrainingClassifier`: a classifier that was trained on its own certain predictions too.
//!
//! | attribute         | shape     | meaning                          | since |
//! |-------------------|-----------|----------------------------------|-------|
//! | `estimator_`      | estimator | answers in its stead             | 1.6   |
//! | `base_estimator_` | estimator | the same until 1.5               | 0.24  |
//!
//! Source of truth: `SelfTrainingClassifier` in `sklearn/semi_supervised/_self_training.py`.

use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Estimator, Method, Output,
    ReadError, State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.semi_supervised._self_training.SelfTrainingClassifier"],
    methods: METHODS,
    read: |state| Ok(Box::new(SelfTrainingClassifier::read(state)?)),
};

const METHODS: &[Method] =
    &[Method::Predict, Method::PredictProba, Method::PredictLogProba, Method::DecisionFunction];

#[derive(Debug)]
struct SelfTrainingClassifier {
    estimator: Box<dyn Estimator>,
    methods: Vec<Method>,
}

impl SelfTrainingClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let name = if state.has("base_estimator_") { "base_estimator_" } else { "estimator_" };
        let estimator = state.estimator(name)?;
        if estimator.n_features_in() != 0 {
            state.n_features_in(estimator.n_features_in())?;
        }
        let has = |it: &&Method| estimator.methods().contains(it);
        let methods = METHODS.iter().filter(has).copied().collect();
        Ok(Self { estimator, methods })
    }
}

impl Estimator for SelfTrainingClassifier {
    fn n_features_in(&self) -> usize {
        self.estimator.n_features_in()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.estimator.column_hints()
    }

    fn methods(&self) -> &[Method] {
        &self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("this SelfTrainingClassifier", method));
        }
        self.estimator.call(method, input)
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.estimator.column_kinds()
    }

    fn classes(&self) -> &[Classes] {
        self.estimator.classes()
    }
}
