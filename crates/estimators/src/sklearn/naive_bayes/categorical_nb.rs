//! `CategoricalNB`: each feature is the number of a category.
//!
//! | attribute           | shape                | meaning                                  | since |
//! |---------------------|----------------------|------------------------------------------|-------|
//! | `classes_`          | (k,)                 | class labels                             | 0.22  |
//! | `feature_log_prob_` | list of p (k, c_j)   | log probability of each category         | 0.22  |
//! | `class_log_prior_`  | (k,)                 | log probability of a class               | 0.22  |
//!
//! Output: `predict` gives labels, `predict_proba` and `predict_log_proba` shape (n, k). Numbers are cut
//! to integers; one below 0 or without a category is refused.
//!
//! Source of truth: `CategoricalNB` in `sklearn/naive_bayes.py`.

use super::joint_log_likelihood::{Layout, METHODS, Posterior};
use crate::{
    Block, ClassSpec, Classes, DataError, Dense, Estimator, Matrix, Method, Nan, Output, ReadError,
    State,
};

pub(crate) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.naive_bayes.CategoricalNB"],
    methods: METHODS,
    read: |state| Ok(Box::new(CategoricalNb::read(state)?)),
};

#[derive(Debug)]
struct CategoricalNb {
    features: Vec<Matrix>,
    priors: Vec<f64>,
    posterior: Posterior,
}

impl CategoricalNb {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        let priors = state.floats_len("class_log_prior_", classes.len())?;
        let features = state.list("feature_log_prob_")?;
        let features = ReadError::collect(features.iter().map(|it| {
            let matrix = it.as_matrix()?;
            if matrix.n_rows != classes.len() || classes.is_empty() {
                let text = format!("has {} rows for {} classes", matrix.n_rows, classes.len());
                return Err(it.invalid(text));
            }
            Ok(matrix)
        }))?;
        state.n_features_in(features.len())?;
        let posterior = Posterior::new(state, classes, Layout::ByRows);
        Ok(Self { features, priors, posterior })
    }

    fn log_likelihoods(&self, x: &Dense) -> Result<Vec<Vec<f64>>, DataError> {
        let mut likelihoods = vec![vec![0.0; x.n_rows()]; self.priors.len()];
        for (j, (column, feature)) in x.columns().iter().zip(&self.features).enumerate() {
            let categories = categories(column, j, feature.n_cols)?;
            for (sums, logs) in likelihoods.iter_mut().zip(feature.rows()) {
                sums.iter_mut().zip(&categories).for_each(|(sum, &it)| *sum += logs[it]);
            }
        }
        for (sums, prior) in likelihoods.iter_mut().zip(&self.priors) {
            sums.iter_mut().for_each(|sum| *sum += prior);
        }
        Ok(likelihoods)
    }
}

/// The category of each row, all below `count`.
fn categories(column: &[f64], index: usize, count: usize) -> Result<Vec<usize>, DataError> {
    let category = |(row, x): (usize, &f64)| {
        let cut = x.trunc();
        if 0.0 <= cut && cut < count as f64 {
            return Ok(cut as usize);
        }
        let text =
            format!("{x:?} is no category; the model knows 0 to {}", count.saturating_sub(1));
        Err(DataError::cell(row, index, text))
    };
    column.iter().enumerate().map(category).collect()
}

impl Estimator for CategoricalNb {
    fn n_features_in(&self) -> usize {
        self.features.len()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = input.into_dense(self.features.len())?;
        x.check_finite(Nan::Refused)?;
        self.posterior.answer(method, self.log_likelihoods(&x)?)
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.posterior.classes)
    }
}
