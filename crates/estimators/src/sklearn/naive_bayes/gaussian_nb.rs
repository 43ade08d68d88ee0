//! `GaussianNB`: each feature of each class has a normal distribution.
//!
//! | attribute      | shape  | meaning                                        | since                     |
//! |----------------|--------|------------------------------------------------|---------------------------|
//! | `classes_`     | (k,)   | class labels                                   | any                       |
//! | `class_prior_` | (k,)   | probabilities of the classes                   | any                       |
//! | `theta_`       | (k, p) | means                                          | any                       |
//! | `var_`         | (k, p) | variances                                      | 1.0 (`sigma_` until then) |
//!
//! Output: `predict` gives labels, `predict_proba` and `predict_log_proba` shape (n, k).
//!
//! Python sums over the features in column order if its matrix lies by columns, as that of a data frame
//! does, and pairwise if it lies by rows. Here a model that knows feature names, so was trained on a
//! frame, sums in column order. Up to 7 features there is no difference.
//!
//! Source of truth: `GaussianNB._joint_log_likelihood` in `sklearn/naive_bayes.py`.

use std::f64::consts::PI;

use kernels::{rows, sum::pairwise_sum};

use super::joint_log_likelihood::{Layout, METHODS, Posterior};
use crate::{
    Block, ClassSpec, Classes, DataError, Dense, Estimator, Method, Nan, Output, ReadError, State,
};

pub(crate) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.naive_bayes.GaussianNB"],
    methods: METHODS,
    read: |state| Ok(Box::new(GaussianNb::read(state)?)),
};

#[derive(Debug)]
struct GaussianNb {
    n_features: usize,
    normals: Vec<Normals>,
    layout: Layout,
    posterior: Posterior,
}

/// One class.
#[derive(Debug)]
struct Normals {
    log_prior: f64,
    /// The log likelihood of a row that equals the means.
    peak: f64,
    means: Vec<f64>,
    variances: Vec<f64>,
}

impl GaussianNb {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        let means = state.matrix("theta_")?;
        let name = if state.has("var_") { "var_" } else { "sigma_" };
        let variances = state.matrix_of(name, means.n_rows, means.n_cols)?;
        let priors = state.floats_len("class_prior_", means.n_rows)?;
        state.n_features_in(means.n_cols)?;
        if classes.len() != means.n_rows || classes.is_empty() {
            let text = format!("has {} rows for {} classes", means.n_rows, classes.len());
            return Err(state.get("theta_")?.invalid(text));
        }
        let rows = priors.iter().zip(means.rows().zip(variances.rows()));
        let normals = rows.map(|(prior, (means, variances))| Normals {
            log_prior: prior.ln(),
            peak: peak(variances),
            means: means.to_vec(),
            variances: variances.to_vec(),
        });
        let by_columns = state.has("feature_names_in_");
        Ok(Self {
            n_features: means.n_cols,
            normals: normals.collect(),
            layout: if by_columns { Layout::ByColumns } else { Layout::ByRows },
            posterior: Posterior::new(state, classes, Layout::ByColumns),
        })
    }

    fn log_likelihood(&self, class: &Normals, x: &Dense) -> Vec<f64> {
        let terms = x.columns().iter().zip(class.means.iter().zip(&class.variances));
        let terms = terms.map(|(column, (mean, variance))| {
            let term = |x: &f64| (x - mean) * (x - mean) / variance;
            column.iter().map(term).collect::<Vec<f64>>()
        });
        let mut sums = if self.layout == Layout::ByColumns || self.n_features < 8 {
            let mut sums = vec![0.0; x.n_rows()];
            for term in terms {
                sums.iter_mut().zip(term).for_each(|(sum, x)| *sum += x);
            }
            sums
        } else {
            rows::sums(&terms.collect::<Vec<Vec<f64>>>())
        };
        sums.iter_mut().for_each(|sum| *sum = class.log_prior + (class.peak - 0.5 * *sum));
        sums
    }
}

/// `-0.5 * np.sum(np.log(2.0 * np.pi * variances))`
fn peak(variances: &[f64]) -> f64 {
    let logarithms: Vec<f64> = variances.iter().map(|it| (2.0 * PI * it).ln()).collect();
    -0.5 * pairwise_sum(&logarithms)
}

impl Estimator for GaussianNb {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = input.into_dense(self.n_features)?;
        x.check_finite(Nan::Refused)?;
        let likelihoods = self.normals.iter().map(|class| self.log_likelihood(class, &x)).collect();
        self.posterior.answer(method, likelihoods)
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.posterior.classes)
    }
}
