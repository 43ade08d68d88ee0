//! `RFE` and `RFECV`: columns eliminated one after the other, and the estimator trained on what was left.
//!
//! | attribute    | shape     | meaning                             | since |
//! |--------------|-----------|-------------------------------------|-------|
//! | `support_`   | (p,)      | whether a column is kept            | any   |
//! | `estimator_` | estimator | trained on the kept columns         | any   |
//!
//! `transform` and `inverse_transform` select; `predict` and its kin are the estimator's, on the kept
//! columns.
//!
//! Source of truth: `RFE` in `sklearn/feature_selection/_rfe.py`.

use super::selection::{Selection, check_by_estimator};
use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Estimator, Method, Output,
    ReadError, State, unsupported,
};

const METHODS: &[Method] = &[
    Method::Predict,
    Method::PredictProba,
    Method::PredictLogProba,
    Method::DecisionFunction,
    Method::Transform,
    Method::InverseTransform,
];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read: |state| Ok(Box::new(Elimination::read(state)?)) }
}

/// The newest path, then that of 0.21 and before.
pub(super) const RFE: ClassSpec =
    class(&["sklearn.feature_selection._rfe.RFE", "sklearn.feature_selection.rfe.RFE"]);
pub(super) const RFECV: ClassSpec =
    class(&["sklearn.feature_selection._rfe.RFECV", "sklearn.feature_selection.rfe.RFECV"]);

#[derive(Debug)]
struct Elimination {
    selection: Selection,
    estimator: Box<dyn Estimator>,
    methods: Vec<Method>,
}

impl Elimination {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let mask: Vec<bool> = state.ints("support_")?.iter().map(|it| *it != 0).collect();
        let selection = Selection::new(state, &mask, check_by_estimator(state)?)?;
        let estimator = state.estimator("estimator_")?;
        let taken = estimator.n_features_in();
        if taken != 0 && taken != selection.n_kept() {
            let text = format!("is for {taken} columns, but {} are kept", selection.n_kept());
            return Err(state.get("estimator_")?.invalid(text));
        }
        let selects = |it: &Method| matches!(it, Method::Transform | Method::InverseTransform);
        let has = |it: &&Method| selects(it) || estimator.methods().contains(it);
        let methods = METHODS.iter().filter(has).copied().collect();
        Ok(Self { selection, estimator, methods })
    }
}

impl Estimator for Elimination {
    fn n_features_in(&self) -> usize {
        self.selection.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        &self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.selection.transform(&input).map(Output::Block),
            Method::InverseTransform => self.selection.inverse_transform(&input).map(Output::Block),
            it if self.methods.contains(&it) => {
                let kept = self.selection.transform(&input)?;
                let called = self.estimator.call(method, kept);
                called.map_err(|it| it.in_column(|j| self.selection.input_column(j)))
            }
            _ => Err(unsupported("this feature elimination", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.selection.column_kinds_for(&self.estimator.column_kinds())
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.selection.column_hints_for(&self.estimator.column_hints())
    }

    fn column_hints_for(&self, next: &[ColumnHint]) -> Vec<ColumnHint> {
        self.selection.column_hints_for(next)
    }

    fn column_kinds_for(&self, wanted: &[ColumnKind]) -> Vec<ColumnKind> {
        self.selection.column_kinds_for(wanted)
    }

    fn input_column(&self, output: usize) -> Option<usize> {
        self.selection.input_column(output)
    }

    fn classes(&self) -> &[Classes] {
        self.estimator.classes()
    }

    fn n_features_out(&self) -> Option<usize> {
        Some(self.selection.n_kept())
    }
}
