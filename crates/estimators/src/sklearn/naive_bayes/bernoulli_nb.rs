//! `BernoulliNB`: each feature is present or absent.
//!
//! | attribute           | shape          | meaning                                              | since |
//! |---------------------|----------------|------------------------------------------------------|-------|
//! | `classes_`          | (k,)           | class labels                                         | any   |
//! | `feature_log_prob_` | (k, p)         | log probability that a feature is present            | any   |
//! | `class_log_prior_`  | (k,)           | log probability of a class                           | any   |
//! | `binarize`          | number or None | a feature above it is present; None: X is 0 and 1    | any   |
//!
//! Output: `predict` gives labels, `predict_proba` and `predict_log_proba` shape (n, k).
//!
//! Source of truth: `BernoulliNB` in `sklearn/naive_bayes.py`.

use kernels::sum::pairwise_sum;

use super::joint_log_likelihood::{Layout, METHODS, Posterior};
use crate::sklearn::linear_model::weighted_sums::WeightedSums;
use crate::{
    Block, ClassSpec, Classes, DataError, Estimator, Method, Nan, Output, ReadError, State,
};

pub(crate) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.naive_bayes.BernoulliNB"],
    methods: METHODS,
    read: |state| Ok(Box::new(BernoulliNb::read(state)?)),
};

#[derive(Debug)]
struct BernoulliNb {
    sums: WeightedSums,
    threshold: Option<f64>,
    posterior: Posterior,
}

impl BernoulliNb {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        let mut weights = state.matrix("feature_log_prob_")?;
        state.n_features_in(weights.n_cols)?;
        if classes.len() != weights.n_rows || classes.is_empty() {
            let text = format!("has {} rows for {} classes", weights.n_rows, classes.len());
            return Err(state.get("feature_log_prob_")?.invalid(text));
        }
        let absent = weights.data.iter().map(|it| (1.0 - it.exp()).ln()).collect::<Vec<f64>>();
        let priors = state.floats_len("class_log_prior_", classes.len())?;
        let of_class = absent.chunks_exact(weights.n_cols.max(1));
        let intercept = priors.iter().zip(of_class).map(|(it, row)| it + pairwise_sum(row));
        let intercept: Vec<f64> = intercept.collect();
        weights.data.iter_mut().zip(&absent).for_each(|(present, absent)| *present -= absent);
        let threshold = state.optional("binarize").map(|it| it.as_float()).transpose()?;
        let posterior = Posterior::new(state, classes, Layout::ByRows);
        Ok(Self { sums: WeightedSums::new(weights, intercept), threshold, posterior })
    }

    /// 1 where a value is above the threshold, else 0.
    fn binarized(&self, input: Block) -> Result<Block, DataError> {
        let Some(threshold) = self.threshold else { return Ok(input) };
        let present = |x: &mut f64| *x = f64::from(u8::from(*x > threshold));
        match input {
            // What is not stored is 0, so absent unless the threshold is below 0, where Python refuses.
            Block::Sparse(_) if threshold < 0.0 => Err(DataError::block(
                "sparse rows cannot be binarized at a threshold below 0; give dense rows",
            )),
            Block::Sparse(mut x) => {
                if x.values_mut().iter().any(|it| !it.is_finite()) {
                    return Err(DataError::block("a value is missing (NaN) or infinite"));
                }
                x.values_mut().iter_mut().for_each(present);
                Ok(Block::Sparse(x))
            }
            dense => {
                let mut x = dense.into_dense(self.sums.n_features_in())?;
                x.check_finite(Nan::Refused)?;
                x.map_columns(|_, column| column.iter_mut().for_each(present));
                Ok(Block::Dense(x))
            }
        }
    }
}

impl Estimator for BernoulliNb {
    fn n_features_in(&self) -> usize {
        self.sums.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let input = self.binarized(input)?;
        self.posterior.answer(method, self.sums.scores(input)?.columns)
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.posterior.classes)
    }
}
