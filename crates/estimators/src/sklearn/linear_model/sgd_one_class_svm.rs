//! `SGDOneClassSVM`: tells outliers by their side of a hyperplane.
//!
//! | attribute | shape | meaning                           | since |
//! |-----------|-------|-----------------------------------|-------|
//! | `coef_`   | (1, p)| weights; (p,) in some versions    | 1.0   |
//! | `offset_` | (1,)  | subtracted from the weighted sum  | 1.0   |
//!
//! Output: `predict` gives 1 for an inlier and -1 for an outlier, `decision_function` and
//! `score_samples` (which adds the offset again) shape (n,).
//!
//! Source of truth: `SGDOneClassSVM` in `sklearn/linear_model/_stochastic_gradient.py`.

use super::weighted_sums::{Scores, WeightedSums};
use crate::{
    Block, ClassSpec, DataError, Estimator, Method, Output, ReadError, State, Values, unsupported,
};

const METHODS: &[Method] = &[Method::Predict, Method::DecisionFunction, Method::ScoreSamples];

pub(crate) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.linear_model._stochastic_gradient.SGDOneClassSVM"],
    methods: METHODS,
    read: |state| Ok(Box::new(SgdOneClassSvm::read(state)?)),
};

#[derive(Debug)]
struct SgdOneClassSvm {
    sums: WeightedSums,
    offset: f64,
}

impl SgdOneClassSvm {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let sums = WeightedSums::without_intercept(state)?;
        if sums.n_targets() != 1 {
            return Err(state.get("coef_")?.wrong("one row of weights"));
        }
        match *state.floats_len("offset_", 1)? {
            [offset] => Ok(Self { sums, offset }),
            _ => Err(state.get("offset_")?.wrong("one number")),
        }
    }

    fn decisions(&self, input: Block) -> Result<Scores, DataError> {
        let scores = self.sums.scores(input)?;
        Ok(scores.map(|column| column.iter_mut().for_each(|x| *x -= self.offset)))
    }

    fn predict(&self, input: Block) -> Result<Output, DataError> {
        let decisions = self.decisions(input)?;
        let sign = |decision: &f64| if *decision >= 0.0 { 1 } else { -1 };
        Ok(Output::Vector(Values::Int(decisions.columns.iter().flatten().map(sign).collect())))
    }
}

impl Estimator for SgdOneClassSvm {
    fn n_features_in(&self) -> usize {
        self.sums.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Predict => self.predict(input),
            Method::DecisionFunction => self.decisions(input)?.into_output(),
            Method::ScoreSamples => self
                .decisions(input)?
                .map(|column| column.iter_mut().for_each(|x| *x += self.offset))
                .into_output(),
            _ => Err(unsupported("SGDOneClassSVM", method)),
        }
    }
}
