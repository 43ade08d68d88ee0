//! `QuadraticDiscriminantAnalysis`: one Gaussian per class, each with a covariance of its own.
//!
//! | attribute    | shape                | meaning                                        | since |
//! |--------------|----------------------|------------------------------------------------|-------|
//! | `classes_`   | (k,)                 | class labels                                   | any   |
//! | `priors_`    | (k,)                 | probabilities of the classes                   | any   |
//! | `means_`     | (k, p)               | means                                          | any   |
//! | `rotations_` | list of k x (p, r_i) | axes of each Gaussian                          | any   |
//! | `scalings_`  | list of k x (r_i,)   | variances along them                           | any   |
//!
//! Output: `decision_function` gives log posteriors up to a constant, shape (n, k), for two classes the
//! difference of the second and the first, shape (n,). Since 1.6 `predict_log_proba` is computed without
//! `predict_proba`, so that it stays finite. However `solver` (1.8) found the axes, they are used alike.
//!
//! Source of truth: `QuadraticDiscriminantAnalysis._decision_function` in `sklearn/discriminant_analysis.py`.

use kernels::blas::{Layout, matrix_product, matrix_vector};
use kernels::exp::exp;
use kernels::{rows, sum::pairwise_sum};

use crate::sklearn::blas::layout;
use crate::{
    Block, ClassSpec, Classes, DataError, Dense, Estimator, Matrix, Method, Nan, Output, ReadError,
    State, Values, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis"],
    methods: METHODS,
    read: |state| Ok(Box::new(QuadraticDiscriminantAnalysis::read(state)?)),
};

const METHODS: &[Method] =
    &[Method::Predict, Method::PredictProba, Method::PredictLogProba, Method::DecisionFunction];

#[derive(Debug)]
struct QuadraticDiscriminantAnalysis {
    n_features: usize,
    classes: Classes,
    gaussians: Vec<Gaussian>,
    layout: Layout,
    /// Logarithms are taken of probabilities: until 1.5.
    probabilities_first: bool,
}

/// One class.
#[derive(Debug)]
struct Gaussian {
    mean: Vec<f64>,
    /// A row per axis, divided by the standard deviation along it.
    axes: Matrix,
    log_determinant: f64,
    log_prior: f64,
}

impl QuadraticDiscriminantAnalysis {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        let means = state.matrix("means_")?;
        let priors = state.floats_len("priors_", means.n_rows)?;
        let (rotations, scalings) = (state.list("rotations_")?, state.list("scalings_")?);
        let k = classes.len();
        if k < 2 || [means.n_rows, rotations.len(), scalings.len()] != [k; 3] {
            return Err(state.invalid(format!("is not for its {k} classes in every attribute")));
        }
        state.n_features_in(means.n_cols)?;
        let parts = means.rows().zip(&priors).zip(rotations.iter().zip(&scalings));
        let gaussians = parts.map(|((mean, prior), (rotation, scaling))| {
            Gaussian::read(mean, *prior, rotation, &scaling.as_floats()?)
        });
        Ok(Self {
            n_features: means.n_cols,
            gaussians: gaussians.collect::<Result<_, ReadError>>()?,
            classes,
            layout: layout(state),
            probabilities_first: state.version() < Version::new(1, 6),
        })
    }

    fn scores(&self, x: &Dense) -> Vec<Vec<f64>> {
        self.gaussians.iter().map(|it| it.scores(x.clone(), self.layout)).collect()
    }

    fn probabilities(&self, mut scores: Vec<Vec<f64>>, logarithms: bool) -> Vec<Vec<f64>> {
        let largest = rows::max(&scores);
        for column in &mut scores {
            column.iter_mut().zip(&largest).for_each(|(x, max)| *x -= max);
        }
        let mut likelihoods = scores.clone();
        likelihoods.iter_mut().for_each(|it| exp(it));
        let mut totals = rows::sums_in_column_order(&likelihoods);
        if self.probabilities_first {
            rows::divide(&mut likelihoods, &totals);
            if logarithms {
                likelihoods.iter_mut().for_each(|it| rows::ln(it));
            }
            return likelihoods;
        }
        rows::ln(&mut totals);
        for column in &mut scores {
            column.iter_mut().zip(&totals).for_each(|(x, log)| *x -= log);
            if !logarithms {
                exp(column);
            }
        }
        scores
    }
}

impl Gaussian {
    fn read(
        mean: &[f64],
        prior: f64,
        rotation: &State<'_>,
        variances: &[f64],
    ) -> Result<Self, ReadError> {
        let axes = rotation.as_matrix()?;
        if (axes.n_rows, axes.n_cols) != (mean.len(), variances.len()) || variances.is_empty() {
            let (p, r) = (mean.len(), variances.len());
            return Err(rotation.invalid(format!("is not for {p} features and {r} variances")));
        }
        let mut axes = axes.transposed();
        let n_cols = axes.n_cols.max(1);
        for (axis, variance) in axes.data.chunks_exact_mut(n_cols).zip(variances) {
            let factor = variance.powf(-0.5);
            axis.iter_mut().for_each(|x| *x *= factor);
        }
        let logarithms: Vec<f64> = variances.iter().map(|it| it.ln()).collect();
        let log_determinant = pairwise_sum(&logarithms);
        Ok(Self { mean: mean.to_vec(), axes, log_determinant, log_prior: prior.ln() })
    }

    fn scores(&self, mut x: Dense, layout: Layout) -> Vec<f64> {
        x.map_columns(|j, column| column.iter_mut().for_each(|x| *x -= self.mean[j]));
        let mut turned = match self.axes.n_rows {
            1 => vec![matrix_vector(&x.slices(), &self.axes.data, x.n_rows(), layout)],
            _ => matrix_product(&x.slices(), self.axes.rows(), x.n_rows()),
        };
        turned.iter_mut().flatten().for_each(|x| *x *= *x);
        let mut scores = rows::sums(&turned);
        for score in &mut scores {
            *score = -0.5 * (*score + self.log_determinant) + self.log_prior;
        }
        scores
    }
}

impl Estimator for QuadraticDiscriminantAnalysis {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let x = input.into_dense(self.n_features)?;
        x.check_finite(Nan::Refused)?;
        let scores = self.scores(&x);
        let columns = match (method, scores.as_slice()) {
            (Method::Predict, _) => {
                let codes = rows::argmax(&scores);
                return Ok(Output::Vector(Values::Labels(codes, self.classes.clone())));
            }
            (Method::DecisionFunction, [first, second]) => {
                let difference = second.iter().zip(first).map(|(second, first)| second - first);
                return Ok(Output::floats(difference.collect()));
            }
            (Method::DecisionFunction, _) => scores,
            (Method::PredictProba, _) => self.probabilities(scores, false),
            (Method::PredictLogProba, _) => self.probabilities(scores, true),
            _ => return Err(unsupported("QuadraticDiscriminantAnalysis", method)),
        };
        Dense::new(x.n_rows(), columns).map(Output::dense)
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.classes)
    }
}
