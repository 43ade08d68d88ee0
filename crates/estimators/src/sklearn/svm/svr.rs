//! `SVR` and `NuSVR`: `machine.rs` says which attributes are read.
//!
//! Output: shape (n,).
//!
//! Source of truth: `BaseLibSVM.predict` in `sklearn/svm/_base.py`.

use super::machine::Machine;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, ReadError, State, unsupported,
};

const METHODS: &[Method] = &[Method::Predict];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read: |state| Ok(Box::new(Svr::read(state)?)) }
}

pub(super) const SVR: ClassSpec = class(&["sklearn.svm._classes.SVR", "sklearn.svm.classes.SVR"]);
pub(super) const NU_SVR: ClassSpec =
    class(&["sklearn.svm._classes.NuSVR", "sklearn.svm.classes.NuSVR"]);

#[derive(Debug)]
struct Svr {
    machine: Machine,
}

impl Svr {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        Ok(Self { machine: Machine::read(state)? })
    }
}

impl Estimator for Svr {
    fn n_features_in(&self) -> usize {
        self.machine.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if method != Method::Predict {
            return Err(unsupported("SVR", method));
        }
        let decisions = self.machine.decisions(input)?.pop();
        Ok(Output::floats(decisions.unwrap_or_default()))
    }
}
