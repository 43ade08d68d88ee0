//! `SVC` and `NuSVC`: a machine for each pair of classes.
//!
//! | attribute                 | shape            | meaning                                         | since |
//! |---------------------------|------------------|-------------------------------------------------|-------|
//! | `classes_`                | (k,)             | class labels                                    | any   |
//! | `decision_function_shape` | ovr, ovo or None | a decision per class, or (also None) per pair   | any   |
//! | `break_ties`              | bool             | `predict` takes the largest ovr decision        | 0.22  |
//! | `probability`             | bool             | trained for probabilities                       | any   |
//! | `_probA`, `_probB`        | (k (k - 1) / 2,) | Platt's sigmoid for each pair                   | 0.23 (`probA_`, `probB_` until then) |
//!
//! and those of `machine.rs`.
//!
//! Output: `predict` gives labels: the class that wins most pairs, the first of equal ones. With two
//! classes `decision_function` has shape (n,) and is above 0 for the second; else (n, k), or one column a
//! pair. `predict_proba` and `predict_log_proba` have shape (n, k) and need not agree with `predict`.
//!
//! Not offered: `predict` where Python's always fails (`break_ties` with ovo); `decision_function` with
//! ovr of a file before 0.21, where a row's result depended on the other rows given with it.
//!
//! Source of truth: `BaseSVC` in `sklearn/svm/_base.py`, `_ovr_decision_function` in
//! `sklearn/utils/multiclass.py`, `svm_predict_probability` in `svm.cpp`.

use kernels::rows;
use kernels::support_vectors::{couple, platt};

use super::machine::Machine;
use crate::{
    Block, ClassSpec, Classes, DataError, Dense, Estimator, Method, Output, ReadError, State,
    Values, Version, unsupported,
};

const METHODS: &[Method] =
    &[Method::Predict, Method::PredictProba, Method::PredictLogProba, Method::DecisionFunction];

const fn class(paths: &'static [&'static str]) -> ClassSpec {
    ClassSpec { paths, methods: METHODS, read: |state| Ok(Box::new(Svc::read(state)?)) }
}

pub(super) const SVC: ClassSpec = class(&["sklearn.svm._classes.SVC", "sklearn.svm.classes.SVC"]);
pub(super) const NU_SVC: ClassSpec =
    class(&["sklearn.svm._classes.NuSVC", "sklearn.svm.classes.NuSVC"]);

#[derive(Debug)]
struct Svc {
    machine: Machine,
    classes: Classes,
    shape: Shape,
    ties: Ties,
    /// A and B of each pair's sigmoid.
    sigmoids: Option<Vec<(f64, f64)>>,
    methods: Vec<Method>,
}

/// What `decision_function` gives for more than two classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    PerClass,
    PerPair,
}

/// Who wins if several classes win equally many pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ties {
    First,
    Confidence,
}

impl Svc {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.classes("classes_")?;
        let machine = Machine::read_pairs(state, classes.len())?;
        let per_class = state.text_or("decision_function_shape", "ovo")? == "ovr";
        let broken = state.flag_or("break_ties", false)?;
        let sigmoids = read_sigmoids(state, classes.len() * (classes.len() - 1) / 2)?;
        let depends_on_rows =
            per_class && 2 < classes.len() && state.version() < Version::new(0, 21);
        let has = |method: &Method| match method {
            Method::Predict => per_class || !broken,
            Method::DecisionFunction => !depends_on_rows,
            _ => sigmoids.is_some(),
        };
        Ok(Self {
            machine,
            shape: if per_class { Shape::PerClass } else { Shape::PerPair },
            ties: if broken && 2 < classes.len() { Ties::Confidence } else { Ties::First },
            methods: METHODS.iter().copied().filter(has).collect(),
            sigmoids,
            classes,
        })
    }

    fn predict(&self, pairs: &[Vec<f64>]) -> Output {
        let codes = match self.ties {
            Ties::First => rows::argmax(&self.votes(pairs)),
            Ties::Confidence => rows::argmax(&self.per_class(pairs)),
        };
        Output::Vector(Values::Labels(codes, self.classes.clone()))
    }

    /// The pairs of classes, in the order of the decisions.
    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let k = self.classes.len();
        (0..k).flat_map(move |i| (i + 1..k).map(move |j| (i, j)))
    }

    /// How many pairs each class wins: the first of a pair if the decision is above 0.
    fn votes(&self, pairs: &[Vec<f64>]) -> Vec<Vec<f64>> {
        self.count(pairs, |decision| decision > 0.0)
    }

    fn count(&self, pairs: &[Vec<f64>], first_wins: impl Fn(f64) -> bool) -> Vec<Vec<f64>> {
        let n_rows = pairs.first().map_or(0, Vec::len);
        let mut votes = vec![vec![0.0; n_rows]; self.classes.len()];
        for ((i, j), decisions) in self.pairs().zip(pairs) {
            for (row, &decision) in decisions.iter().enumerate() {
                votes[if first_wins(decision) { i } else { j }][row] += 1.0;
            }
        }
        votes
    }

    /// `_ovr_decision_function(dec < 0, -dec, k)`: votes, and confidences squeezed below a third.
    fn per_class(&self, pairs: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let mut votes = self.count(pairs, |decision| decision >= 0.0 || decision.is_nan());
        let n_rows = pairs.first().map_or(0, Vec::len);
        let mut confidences = vec![vec![0.0; n_rows]; self.classes.len()];
        for ((i, j), decisions) in self.pairs().zip(pairs) {
            confidences[i].iter_mut().zip(decisions).for_each(|(sum, it)| *sum += it);
            confidences[j].iter_mut().zip(decisions).for_each(|(sum, it)| *sum -= it);
        }
        for (votes, confidences) in votes.iter_mut().zip(&confidences) {
            for (vote, sum) in votes.iter_mut().zip(confidences) {
                *vote += sum / (3.0 * (sum.abs() + 1.0));
            }
        }
        votes
    }

    fn decision_function(&self, mut pairs: Vec<Vec<f64>>) -> Result<Output, DataError> {
        if self.classes.len() == 2 {
            let mut decisions = pairs.pop().unwrap_or_default();
            decisions.iter_mut().for_each(|it| *it = -*it);
            return Ok(Output::floats(decisions));
        }
        match self.shape {
            Shape::PerClass => matrix(self.per_class(&pairs)),
            Shape::PerPair => matrix(pairs),
        }
    }

    fn predict_proba(&self, pairs: &[Vec<f64>], sigmoids: &[(f64, f64)]) -> Vec<Vec<f64>> {
        let k = self.classes.len();
        let n_rows = pairs.first().map_or(0, Vec::len);
        let mut probabilities = vec![vec![0.0; n_rows]; k];
        let mut pairwise = vec![0.0; k * k];
        for row in 0..n_rows {
            for (((i, j), decisions), (a, b)) in self.pairs().zip(pairs).zip(sigmoids) {
                let first = platt(decisions[row], *a, *b);
                pairwise[i * k + j] = first;
                pairwise[j * k + i] = 1.0 - first;
            }
            for (column, p) in probabilities.iter_mut().zip(couple(k, &pairwise)) {
                column[row] = p;
            }
        }
        probabilities
    }
}

/// The sigmoids of a machine that was trained for probabilities. `probability` may also be the text
/// "deprecated" (since 1.9), which is no.
fn read_sigmoids(state: &State<'_>, n_pairs: usize) -> Result<Option<Vec<(f64, f64)>>, ReadError> {
    let probability = state.get("probability")?;
    if probability.value().as_str().is_some() || !state.flag("probability")? {
        return Ok(None);
    }
    let names = if state.has("_probA") { ["_probA", "_probB"] } else { ["probA_", "probB_"] };
    let [a, b] = names;
    if state.floats(a)?.is_empty() {
        return Ok(None);
    }
    let (a, b) = (state.floats_len(a, n_pairs)?, state.floats_len(b, n_pairs)?);
    Ok(Some(a.into_iter().zip(b).collect()))
}

fn matrix(columns: Vec<Vec<f64>>) -> Result<Output, DataError> {
    let n_rows = columns.first().map_or(0, Vec::len);
    Dense::new(n_rows, columns).map(Output::dense)
}

impl Estimator for Svc {
    fn n_features_in(&self) -> usize {
        self.machine.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        &self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !self.methods.contains(&method) {
            return Err(unsupported("this SVC", method));
        }
        let pairs = self.machine.decisions(input)?;
        match (method, &self.sigmoids) {
            (Method::Predict, _) => Ok(self.predict(&pairs)),
            (Method::DecisionFunction, _) => self.decision_function(pairs),
            (Method::PredictProba, Some(it)) => matrix(self.predict_proba(&pairs, it)),
            (Method::PredictLogProba, Some(it)) => {
                let mut probabilities = self.predict_proba(&pairs, it);
                probabilities.iter_mut().for_each(|it| rows::ln(it));
                matrix(probabilities)
            }
            _ => Err(unsupported("this SVC", method)),
        }
    }

    fn classes(&self) -> &[Classes] {
        std::slice::from_ref(&self.classes)
    }
}
