//! `MultinomialNB` and `ComplementNB`: weighted sums of counts.
//!
//! | attribute           | shape  | meaning                                            | since |
//! |---------------------|--------|----------------------------------------------------|-------|
//! | `classes_`          | (k,)   | class labels                                       | any   |
//! | `feature_log_prob_` | (k, p) | weights                                            | any   |
//! | `class_log_prior_`  | (k,)   | added to the sum; by ComplementNB if k is 1        | any   |
//!
//! Output: `predict` gives labels, `predict_proba` and `predict_log_proba` shape (n, k).
//!
//! Source of truth: `_joint_log_likelihood` of both in `sklearn/naive_bayes.py`.

use super::joint_log_likelihood::{Layout, METHODS, Posterior};
use crate::sklearn::linear_model::weighted_sums::WeightedSums;
use crate::{Block, ClassSpec, Classes, DataError, Estimator, Method, Output, ReadError, State};

pub(crate) const MULTINOMIAL: ClassSpec = ClassSpec {
    paths: &["sklearn.naive_bayes.MultinomialNB"],
    methods: METHODS,
    read: |state| Ok(Box::new(MultinomialNb::read(state, Prior::Always)?)),
};

pub(crate) const COMPLEMENT: ClassSpec = ClassSpec {
    paths: &["sklearn.naive_bayes.ComplementNB"],
    methods: METHODS,
    read: |state| Ok(Box::new(MultinomialNb::read(state, Prior::IfOneClass)?)),
};

/// When the prior is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prior {
    Always,
    IfOneClass,
}

#[derive(Debug)]
struct MultinomialNb {
    sums: WeightedSums,
    posterior: Posterior,
}

impl MultinomialNb {
    fn read(state: &State<'_>, prior: Prior) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        let weights = state.matrix("feature_log_prob_")?;
        state.n_features_in(weights.n_cols)?;
        if classes.len() != weights.n_rows || classes.is_empty() {
            let text = format!("has {} rows for {} classes", weights.n_rows, classes.len());
            return Err(state.get("feature_log_prob_")?.invalid(text));
        }
        let intercept = match prior {
            Prior::IfOneClass if 1 < classes.len() => vec![0.0; classes.len()],
            _ => state.floats_len("class_log_prior_", classes.len())?,
        };
        let posterior = Posterior::new(state, classes, Layout::ByRows);
        Ok(Self { sums: WeightedSums::new(weights, intercept), posterior })
    }
}

impl Estimator for MultinomialNb {
    fn n_features_in(&self) -> usize {
        self.sums.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        self.posterior.answer(method, self.sums.scores(input)?.columns)
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.posterior.classes)
    }
}
