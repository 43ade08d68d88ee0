//! Searches for parameters: what they found answers.
//!
//! | attribute         | shape     | meaning                                             | since |
//! |-------------------|-----------|-----------------------------------------------------|-------|
//! | `best_estimator_` | estimator | trained on all rows; absent if `refit` was False    | any   |
//!
//! Source of truth: `BaseSearchCV` in `sklearn/model_selection/_search.py`.

use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Estimator, Method, Output,
    ProblemKind, ReadError, State, unsupported,
};

const METHODS: &[Method] = &[
    Method::Predict,
    Method::PredictProba,
    Method::PredictLogProba,
    Method::DecisionFunction,
    Method::ScoreSamples,
    Method::Transform,
    Method::InverseTransform,
];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read: |state| Ok(Box::new(Search::read(state)?)) }
}

pub(super) const GRID: ClassSpec = class(&["sklearn.model_selection._search.GridSearchCV"]);
pub(super) const RANDOMIZED: ClassSpec =
    class(&["sklearn.model_selection._search.RandomizedSearchCV"]);
pub(super) const HALVING_GRID: ClassSpec =
    class(&["sklearn.model_selection._search_successive_halving.HalvingGridSearchCV"]);
pub(super) const HALVING_RANDOM: ClassSpec =
    class(&["sklearn.model_selection._search_successive_halving.HalvingRandomSearchCV"]);

#[derive(Debug)]
struct Search {
    best: Box<dyn Estimator>,
    methods: Vec<Method>,
}

impl Search {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let Some(best) = state.optional("best_estimator_") else {
            let text = "has no best_estimator_: it was fitted with refit=False, so that it holds \
                        scores and no trained model";
            return Err(ReadError::new(state.path(), ProblemKind::NotFitted, text));
        };
        let best = best.as_estimator()?;
        let methods = best.methods().iter().filter(|it| METHODS.contains(it)).copied().collect();
        Ok(Self { best, methods })
    }
}

impl Estimator for Search {
    fn n_features_in(&self) -> usize {
        self.best.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        &self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("this search", method));
        }
        self.best.call(method, input)
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.best.column_hints()
    }

    fn column_hints_for(&self, next: &[ColumnHint]) -> Vec<ColumnHint> {
        self.best.column_hints_for(next)
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.best.column_kinds()
    }

    fn column_kinds_for(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        self.best.column_kinds_for(wanted)
    }

    fn name_inputs(&mut self, names: &[String]) {
        self.best.name_inputs(names);
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.best.feature_names()
    }

    fn blanks_are_underscores(&self) -> bool {
        self.best.blanks_are_underscores()
    }

    fn takes_names(&self) -> bool {
        self.best.takes_names()
    }

    fn selects_by_name(&self) -> bool {
        self.best.selects_by_name()
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        self.best.input_column(output)
    }

    fn classes(&self) -> &[Classes] {
        self.best.classes()
    }

    fn n_features_out(&self) -> Option<usize> {
        self.best.n_features_out()
    }
}
