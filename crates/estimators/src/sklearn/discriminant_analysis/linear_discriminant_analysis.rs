//! `LinearDiscriminantAnalysis`: one Gaussian per class, all with the same covariance.
//!
//! | attribute         | shape                  | meaning                                        | since |
//! |-------------------|------------------------|------------------------------------------------|-------|
//! | `classes_`        | (k,)                   | class labels                                   | any   |
//! | `coef_`           | (k, p), (1, p) if k=2  | weights, see `weighted_sums.rs`                | any   |
//! | `intercept_`      | (k,), (1,) if k=2      | added to the weighted sums                     | any   |
//! | `solver`          | text                   | `svd`, `eigen`, or `lsqr`, which can't transform | any |
//! | `scalings_`       | (p, r)                 | directions of `transform`                      | any   |
//! | `xbar_`           | (p,)                   | subtracted first (`svd` only)                  | any   |
//! | `_max_components` | int                    | how many directions `transform` gives          | any   |
//!
//! Output: `decision_function` gives shape (n,) for two classes, else (n, k). `predict_proba` is a softmax of
//! the scores, for two classes their logistic function; in 0.20 logistic functions divided by their sum.
//! The logarithm of a probability of 0 is that of the smallest normal number from 0.24, -inf before.
//!
//! Source of truth: `LinearDiscriminantAnalysis` in `sklearn/discriminant_analysis.py`.

use kernels::blas::{Layout, matrix_product, matrix_vector};
use kernels::rows;

use crate::sklearn::blas::layout;
use crate::sklearn::linear_model::class_scores::ClassScores;
use crate::sklearn::linear_model::weighted_sums::Scores;
use crate::{
    Block, ClassSpec, Classes, DataError, Dense, Estimator, Matrix, Method, Nan, Output, ReadError,
    State, Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.discriminant_analysis.LinearDiscriminantAnalysis"],
    methods: METHODS,
    read: |state| Ok(Box::new(LinearDiscriminantAnalysis::read(state)?)),
};

const METHODS: &[Method] = &[
    Method::Predict,
    Method::PredictProba,
    Method::PredictLogProba,
    Method::DecisionFunction,
    Method::Transform,
];

#[derive(Debug)]
struct LinearDiscriminantAnalysis {
    scores: ClassScores,
    probabilities: Probabilities,
    /// What a probability of 0 becomes before its logarithm is taken.
    least: f64,
    /// `lsqr` finds none.
    directions: Option<Directions>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Probabilities {
    OneVersusRest,
    Softmax,
}

#[derive(Debug)]
struct Directions {
    center: Option<Vec<f64>>,
    /// A row per direction.
    matrix: Matrix,
    /// How many of them are given.
    n_out: usize,
    layout: Layout,
}

impl LinearDiscriminantAnalysis {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let scores = ClassScores::read(state)?;
        let first = state.version() < Version::new(0, 21);
        let probabilities =
            if first { Probabilities::OneVersusRest } else { Probabilities::Softmax };
        let least = if state.version() < Version::new(0, 24) { 0.0 } else { f64::MIN_POSITIVE };
        let solver = state.get("solver")?;
        let directions = match solver.as_text()? {
            "svd" => Some(Directions::read(state, scores.n_features_in(), true)?),
            "eigen" => Some(Directions::read(state, scores.n_features_in(), false)?),
            "lsqr" => None,
            other => {
                return Err(solver.unsupported(format!("is {other:?}, which is not supported")));
            }
        };
        Ok(Self { scores, probabilities, least, directions })
    }

    fn predict_proba(&self, input: Block) -> Result<Scores, DataError> {
        if self.probabilities == Probabilities::OneVersusRest {
            return self.scores.one_versus_rest(input);
        }
        let mut scores = self.scores.scores(input)?;
        if scores.columns.len() == 1 {
            scores = scores.map(rows::expit);
            scores.add_complement();
        } else {
            rows::softmax(&mut scores.columns);
        }
        scores.round();
        Ok(scores)
    }

    fn predict_log_proba(&self, input: Block) -> Result<Scores, DataError> {
        let probabilities = self.predict_proba(input)?;
        Ok(probabilities.map(|column| {
            column.iter_mut().filter(|x| **x == 0.0).for_each(|x| *x = self.least);
            rows::ln(column);
        }))
    }
}

impl Directions {
    fn read(state: &State<'_>, n_features: usize, centred: bool) -> Result<Self, ReadError> {
        let scalings = state.matrix("scalings_")?;
        if scalings.n_rows != n_features {
            let text = format!("has {} rows for {n_features} features", scalings.n_rows);
            return Err(state.get("scalings_")?.invalid(text));
        }
        let center = centred.then(|| state.floats_len("xbar_", n_features)).transpose()?;
        let n_out = state.count("_max_components")?.min(scalings.n_cols);
        Ok(Self { center, matrix: scalings.transposed(), n_out, layout: layout(state) })
    }

    fn transform(&self, input: Block) -> Result<Output, DataError> {
        let mut x = input.into_dense(self.matrix.n_cols)?;
        x.check_finite(Nan::Refused)?;
        if let Some(center) = &self.center {
            x.map_columns(|j, column| column.iter_mut().for_each(|x| *x -= center[j]));
        }
        let n_rows = x.n_rows();
        let columns = match self.matrix.n_rows {
            1 => vec![matrix_vector(&x.slices(), &self.matrix.data, n_rows, self.layout)],
            _ => matrix_product(&x.slices(), self.matrix.rows().take(self.n_out), n_rows),
        };
        Dense::new(n_rows, columns).map(Output::dense)
    }
}

impl Estimator for LinearDiscriminantAnalysis {
    fn n_features_in(&self) -> usize {
        self.scores.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        if self.directions.is_some() { METHODS } else { &METHODS[..METHODS.len() - 1] }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match (method, &self.directions) {
            (Method::Predict, _) => self.scores.predict(input),
            (Method::PredictProba, _) => self.predict_proba(input)?.into_matrix(),
            (Method::PredictLogProba, _) => self.predict_log_proba(input)?.into_matrix(),
            (Method::DecisionFunction, _) => self.scores.decision_function(input),
            (Method::Transform, Some(directions)) => directions.transform(input),
            _ => Err(unsupported("this LinearDiscriminantAnalysis", method)),
        }
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.scores.classes)
    }

    fn n_features_out(&self) -> Option<usize> {
        self.directions.as_ref().map(|it| it.n_out)
    }
}
