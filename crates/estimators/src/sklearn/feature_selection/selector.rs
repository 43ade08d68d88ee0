//! A selector that only selects: its class decides the mask, and this answers.

use super::selection::{Check, Selection};
use crate::{
    Block, ClassSpec, ColumnHint, ColumnKind, DataError, Estimator, Method, Output, ReadError,
    State, unsupported,
};

pub(super) const METHODS: &[Method] = &[Method::Transform, Method::InverseTransform];

/// The class at `paths` whose kept columns and checks `read` tells.
pub(super) const fn class(
    paths: &'static [&'static str],
    read: fn(&State<'_>) -> Result<Box<dyn Estimator>, ReadError>,
) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read }
}

#[derive(Debug)]
pub(super) struct Selector {
    selection: Selection,
}

impl Selector {
    /// A selector with a flag for each column.
    pub(super) fn boxed(
        state: &State<'_>,
        mask: &[bool],
        check: Check,
    ) -> Result<Box<dyn Estimator>, ReadError> {
        Ok(Box::new(Self { selection: Selection::new(state, mask, check)? }))
    }
}

impl Estimator for Selector {
    fn n_features_in(&self) -> usize {
        self.selection.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Transform => self.selection.transform(&input).map(Output::Block),
            Method::InverseTransform => self.selection.inverse_transform(&input).map(Output::Block),
            _ => Err(unsupported("a feature selector", method)),
        }
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

    fn n_features_out(&self) -> Option<usize> {
        Some(self.selection.n_kept())
    }
}
