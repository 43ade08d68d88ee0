//! `FrozenEstimator`: an estimator that fitting leaves as it is.
//!
//! | attribute   | shape     | meaning                              | since |
//! |-------------|-----------|--------------------------------------|-------|
//! | `estimator` | estimator | answers every method in its stead    | 1.6   |
//!
//! Source of truth: `FrozenEstimator.__getattr__` in `sklearn/frozen/_frozen.py`.

use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Estimator, Method, Output,
    ReadError, State,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.frozen._frozen.FrozenEstimator"],
    methods: &Method::ALL,
    read: |state| Ok(Box::new(FrozenEstimator::read(state)?)),
};

#[derive(Debug)]
struct FrozenEstimator {
    estimator: Box<dyn Estimator>,
}

impl FrozenEstimator {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let estimator = state.hand_on(state.get("estimator")?).as_estimator()?;
        Ok(Self { estimator })
    }
}

impl Estimator for FrozenEstimator {
    fn n_features_in(&self) -> usize {
        self.estimator.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        self.estimator.methods()
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        self.estimator.call(method, input)
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.estimator.column_hints()
    }

    fn column_hints_for(&self, next: &[ColumnHint]) -> Vec<ColumnHint> {
        self.estimator.column_hints_for(next)
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.estimator.column_kinds()
    }

    fn column_kinds_for(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        self.estimator.column_kinds_for(wanted)
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.estimator.feature_names()
    }

    fn blanks_are_underscores(&self) -> bool {
        self.estimator.blanks_are_underscores()
    }

    fn selects_by_name(&self) -> bool {
        self.estimator.selects_by_name()
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        self.estimator.input_column(output)
    }

    fn classes(&self) -> &[Classes] {
        self.estimator.classes()
    }

    fn n_features_out(&self) -> Option<usize> {
        self.estimator.n_features_out()
    }
}
