//! Linear classifiers: a score per class, or one score for the second of two.
//!
//! | attribute  | shape | meaning      | since |
//! |------------|-------|--------------|-------|
//! | `classes_` | (k,)  | class labels | any   |
//!
//! `predict` takes the class with the highest score, the first of equal ones; of two classes the second
//! if its score is above 0.
//!
//! Source of truth: `LinearClassifierMixin` in `sklearn/linear_model/_base.py`.

use kernels::rows;

use super::weighted_sums::{Scores, WeightedSums};
use crate::{Block, Classes, DataError, Output, ReadError, State, Values, Version};

#[derive(Debug)]
pub(crate) struct ClassScores {
    sums: WeightedSums,
    pub(crate) classes: Classes,
    /// What becomes of a row to which every class gives the probability 0.
    zeros: Zeros,
}

/// Since 1.9 a row of zeros is made uniform before it is divided by its sum; before, it is NaN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zeros {
    BecomeUniform,
    BecomeNan,
}

impl ClassScores {
    pub(crate) fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        Self::with_classes(state, classes)
    }

    pub(crate) fn with_classes(state: &State<'_>, classes: Classes) -> Result<Self, ReadError> {
        let sums = WeightedSums::read(state)?;
        let expected = if classes.len() == 2 { 1 } else { classes.len() };
        if sums.n_targets() != expected {
            let text = format!("has {} rows for {} classes", sums.n_targets(), classes.len());
            return Err(state.get("coef_")?.invalid(text));
        }
        let uniform = Version::new(1, 9) <= state.version();
        let zeros = if uniform { Zeros::BecomeUniform } else { Zeros::BecomeNan };
        Ok(Self { sums, classes, zeros })
    }

    pub(crate) fn n_features_in(&self) -> usize {
        self.sums.n_features_in()
    }

    pub(crate) fn scores(&self, input: Block) -> Result<Scores, DataError> {
        self.sums.scores(input)
    }

    pub(crate) fn predict(&self, input: Block) -> Result<Output, DataError> {
        let scores = self.scores(input)?;
        let codes = match scores.columns.as_slice() {
            [only] => only.iter().map(|&score| u32::from(score > 0.0)).collect(),
            all => rows::argmax(all),
        };
        Ok(Output::Vector(Values::Labels(codes, self.classes.clone())))
    }

    pub(crate) fn decision_function(&self, input: Block) -> Result<Output, DataError> {
        self.scores(input)?.into_output()
    }

    /// `_predict_proba_lr`: the logistic function of each score, divided by the row's sum.
    pub(crate) fn one_versus_rest(&self, input: Block) -> Result<Scores, DataError> {
        let mut scores = self.scores(input)?.map(rows::expit);
        match (scores.columns.len(), self.zeros) {
            (1, _) => scores.add_complement(),
            (_, Zeros::BecomeUniform) => rows::normalize(&mut scores.columns),
            (_, Zeros::BecomeNan) => {
                let totals = rows::sums(&scores.columns);
                rows::divide(&mut scores.columns, &totals);
            }
        }
        scores.round();
        Ok(scores)
    }
}

impl Scores {
    /// Puts `1 - p` before the only column `p`.
    pub(crate) fn add_complement(&mut self) {
        let complement = self.columns.first().map(|it| it.iter().map(|p| 1.0 - p).collect());
        self.columns.splice(0..0, complement);
    }
}
