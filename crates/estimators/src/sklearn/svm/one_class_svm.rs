//! `OneClassSVM`: tells outliers by the sign of a decision value.
//!
//! | attribute | shape | meaning                                       | since |
//! |-----------|-------|-----------------------------------------------|-------|
//! | `offset_` | (1,)  | added to the decision by `score_samples`      | 0.20  |
//!
//! and those of `machine.rs`.
//!
//! Output: `predict` gives 1 for an inlier (a decision above 0) and -1 for an outlier,
//! `decision_function` and `score_samples` shape (n,).
//!
//! Source of truth: `OneClassSVM` in `sklearn/svm/_classes.py`.

use super::machine::Machine;
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, ReadError, State, Values, unsupported,
};

const METHODS: &[Method] = &[Method::Predict, Method::DecisionFunction, Method::ScoreSamples];

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.svm._classes.OneClassSVM", "sklearn.svm.classes.OneClassSVM"],
    methods: METHODS,
    read: |state| Ok(Box::new(OneClassSvm::read(state)?)),
};

#[derive(Debug)]
struct OneClassSvm {
    machine: Machine,
    offset: f64,
}

impl OneClassSvm {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let machine = Machine::read(state)?;
        match *state.floats_len("offset_", 1)? {
            [offset] => Ok(Self { machine, offset }),
            _ => Err(state.get("offset_")?.wrong("one number")),
        }
    }
}

impl Estimator for OneClassSvm {
    fn n_features_in(&self) -> usize {
        self.machine.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let mut decisions = self.machine.decisions(input)?.pop().unwrap_or_default();
        match method {
            Method::Predict => {
                let sign = |decision: &f64| if *decision > 0.0 { 1 } else { -1 };
                Ok(Output::Vector(Values::Int(decisions.iter().map(sign).collect())))
            }
            Method::DecisionFunction => Ok(Output::floats(decisions)),
            Method::ScoreSamples => {
                decisions.iter_mut().for_each(|it| *it += self.offset);
                Ok(Output::floats(decisions))
            }
            _ => Err(unsupported("OneClassSVM", method)),
        }
    }
}
