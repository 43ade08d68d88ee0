//! `KNeighborsClassifier`: the nearest training rows vote.
//!
//! | attribute    | shape          | meaning                                      | since |
//! |--------------|----------------|----------------------------------------------|-------|
//! | `classes_`   | (k,) or a list | class labels, of each output if there are several | any |
//! | `_y`         | (n,) or (n, t) | class numbers of the training rows           | any   |
//! | `outputs_2d_`| bool           | several outputs                              | any   |
//!
//! `nearest_rows.rs` says what else is read. Output: `predict` gives labels, (n,) or (n, t);
//! `predict_proba` each class's share of the weights, (n, k) or one such matrix per output; `kneighbors`
//! distances and numbers of the nearest training rows.
//!
//! Source of truth: `KNeighborsClassifier` in `sklearn/neighbors/_classification.py`,
//! `weighted_mode` in `sklearn/utils/extmath.py`.

use kernels::{rows, sum::pairwise_sum};

use super::nearest_rows::{Found, NearestRows, Weights};
use crate::sklearn::tree::{labels_output, probabilities_output};
use crate::{
    Block, ClassSpec, Classes, DataError, Dense, Estimator, Method, Output, ReadError, State,
    unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.neighbors._classification.KNeighborsClassifier",
        "sklearn.neighbors.classification.KNeighborsClassifier", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(KNeighborsClassifier::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::PredictProba, Method::KNeighbors];

#[derive(Debug)]
struct KNeighborsClassifier {
    rows: NearestRows,
    classes: Vec<Classes>,
    /// The class numbers of the training rows, by output.
    codes: Vec<Vec<u32>>,
}

impl KNeighborsClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let rows = NearestRows::read(state)?;
        let classes = read_classes(state)?;
        let codes = read_codes(state, &classes, rows.n_rows())?;
        Ok(Self { rows, classes, codes })
    }

    fn predict(&self, input: Block) -> Result<Output, DataError> {
        let mut labels: Vec<Vec<u32>> = vec![Vec::new(); self.classes.len()];
        let mut votes = Votes::new(self.rows.n_neighbors());
        self.rows.each_row(input, |found| {
            for ((labels, codes), classes) in labels.iter_mut().zip(&self.codes).zip(&self.classes)
            {
                labels.push(match self.rows.weights() {
                    Weights::Uniform => votes.most(found, codes, classes.len()),
                    Weights::ByDistance => votes.heaviest(found, codes, classes.len()),
                });
            }
        })?;
        Ok(labels_output(labels, &self.classes))
    }

    fn probabilities(&self, input: Block) -> Result<Vec<Dense>, DataError> {
        let n_rows = input.n_rows();
        let matrix = |classes: &Classes| vec![vec![0.0; n_rows]; classes.len()];
        let mut shares: Vec<Vec<Vec<f64>>> = self.classes.iter().map(matrix).collect();
        let mut row = 0;
        self.rows.each_row(input, |found| {
            for (shares, codes) in shares.iter_mut().zip(&self.codes) {
                for (&index, weight) in found.indices.iter().zip(found.weights) {
                    shares[codes[index] as usize][row] += weight;
                }
            }
            row += 1;
        })?;
        let normalized = shares.into_iter().map(|mut shares| {
            let totals = rows::sums(&shares);
            rows::divide(&mut shares, &totals);
            Dense::new(n_rows, shares)
        });
        normalized.collect()
    }
}

/// The labels of each output.
pub(super) fn read_classes(state: &State<'_>) -> Result<Vec<Classes>, ReadError> {
    match state.flag("outputs_2d_")? {
        true => state.list("classes_")?.iter().map(State::as_classes).collect(),
        false => Ok(vec![state.classes("classes_")?]),
    }
}

/// The numbers of the classes, each below the number of classes.
pub(super) fn read_codes(
    state: &State<'_>,
    classes: &[Classes],
    n_rows: usize,
) -> Result<Vec<Vec<u32>>, ReadError> {
    let stored = state.ints("_y")?;
    if classes.is_empty() || stored.len() != n_rows.saturating_mul(classes.len()) {
        let text = format!("has {} values for {n_rows} training rows", stored.len());
        return Err(state.get("_y")?.invalid(text));
    }
    state.charge(stored.len().saturating_mul(4))?;
    let mut codes = vec![Vec::with_capacity(n_rows); classes.len()];
    for row in stored.chunks_exact(classes.len()) {
        for ((codes, classes), &code) in codes.iter_mut().zip(classes).zip(row) {
            match u32::try_from(code) {
                Ok(it) if (it as usize) < classes.len() => codes.push(it),
                _ => {
                    let text = format!("has a class {code} of {}", classes.len());
                    return Err(state.get("_y")?.invalid(text));
                }
            }
        }
    }
    Ok(codes)
}

/// Room for counting one row's votes.
struct Votes {
    weights: Vec<f64>,
    counts: Vec<u32>,
}

impl Votes {
    fn new(n_neighbors: usize) -> Self {
        Self { weights: vec![0.0; n_neighbors], counts: Vec::new() }
    }

    /// The class of most rows, the first of equals.
    fn most(&mut self, found: &Found<'_>, codes: &[u32], n_classes: usize) -> u32 {
        self.counts.clear();
        self.counts.resize(n_classes, 0);
        found.indices.iter().for_each(|&index| self.counts[codes[index] as usize] += 1);
        let mut best = 0;
        for (code, count) in self.counts.iter().enumerate() {
            if self.counts[best] < *count {
                best = code;
            }
        }
        best as u32
    }

    /// The class with most weight, the first of equals; the weights of the others count as zeros in
    /// the sum, which decides its rounding.
    fn heaviest(&mut self, found: &Found<'_>, codes: &[u32], n_classes: usize) -> u32 {
        self.counts.clear();
        self.counts.resize(n_classes, 0);
        found.indices.iter().for_each(|&index| self.counts[codes[index] as usize] += 1);
        let (mut best, mut most) = (0, 0.0);
        for class in (0..).zip(&self.counts).filter(|(_, count)| 0 < **count).map(|(it, _)| it) {
            let weights = found.indices.iter().zip(found.weights);
            for (to, (&index, weight)) in self.weights.iter_mut().zip(weights) {
                *to = if codes[index] == class { *weight } else { 0.0 };
            }
            let sum = pairwise_sum(&self.weights);
            if most < sum {
                (best, most) = (class, sum);
            }
        }
        best
    }
}

impl Estimator for KNeighborsClassifier {
    fn n_features_in(&self) -> usize {
        self.rows.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Predict => self.predict(input),
            Method::PredictProba => self.probabilities(input).map(probabilities_output),
            Method::KNeighbors => self.rows.kneighbors(input),
            _ => Err(unsupported("KNeighborsClassifier", method)),
        }
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
