//! `RadiusNeighborsClassifier`: all training rows within a distance vote.
//!
//! | attribute        | shape          | meaning                                                        | since |
//! |------------------|----------------|----------------------------------------------------------------|-------|
//! | `radius`         | float          | the distance                                                   | any   |
//! | `weights`        | text           | `uniform`, or `distance`: 1 / distance                         | any   |
//! | `classes_`, `_y`, `outputs_2d_` |  | see `k_neighbors_classifier.rs`                               | any   |
//! | `outlier_label`  | scalar or None | label of rows without training rows within the distance         | any   |
//! | `outlier_label_` | list or None   | the same, for each output                                      | 0.22  |
//!
//! `training_rows.rs` says what else is read. Output: `predict` gives labels, (n,) or (n, t);
//! `predict_proba`, from 0.22 on, each class's share of the weights, (n, k) or one such matrix per output:
//! for rows without neighbours 1 for their label if it is a class's, and else zeros. Without a label such
//! rows are refused.
//!
//! From 1.4 on, searches by brute force with equal weights, one output and a metric other than the
//! euclidean compare `outlier_label` with the classes as integers, and from 1.9 on with the classes'
//! numbers 0, 1, … (`__init__` in `_radius_neighbors_classmode.pyx.tp`); here too.
//!
//! Source of truth: `RadiusNeighborsClassifier` in `sklearn/neighbors/_classification.py`.

use kernels::rows;
use kernels::sum::pairwise_sum;
use object_graph::Kind;

use super::k_neighbors_classifier::{read_classes, read_codes};
use super::nearest_rows::{Weights, weights_within};
use super::training_rows::TrainingRows;
use crate::sklearn::tree::{labels_output, probabilities_output};
use crate::{
    Block, ClassSpec, Classes, DataError, Dense, Estimator, Method, Output, ReadError, State,
    Version, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &[
        "sklearn.neighbors._classification.RadiusNeighborsClassifier",
        "sklearn.neighbors.classification.RadiusNeighborsClassifier", // until 0.21
    ],
    methods: METHODS,
    read: |state| Ok(Box::new(RadiusNeighborsClassifier::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::PredictProba];

#[derive(Debug)]
struct RadiusNeighborsClassifier {
    rows: TrainingRows,
    radius: f64,
    weights: Weights,
    classes: Vec<Classes>,
    /// The class numbers of the training rows, by output.
    codes: Vec<Vec<u32>>,
    outliers: Option<Vec<Outlier>>,
    /// Which class that code gives rows without neighbours, where it counts.
    by_class_mode: Option<Option<usize>>,
    /// Until 0.21 the most frequent class is looked for, and there are no probabilities.
    by_mode: bool,
}

/// A matrix per output, a column per class; and which rows have no neighbours.
type Voted = (Vec<Vec<Vec<f64>>>, Vec<bool>);

/// The label of rows without neighbours.
#[derive(Debug)]
struct Outlier {
    /// Its number if it is one of the classes.
    class: Option<usize>,
    /// The classes, and the label behind them if it is none of them.
    labels: Classes,
    code: u32,
}

impl RadiusNeighborsClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let rows = TrainingRows::read(state)?;
        let classes = read_classes(state)?;
        let codes = read_codes(state, &classes, rows.n_rows())?;
        let by_mode = state.version() < Version::new(0, 22);
        let weights = Weights::read(state)?;
        let outliers = read_outliers(state, &classes, by_mode)?;
        let by_class_mode = Version::new(1, 4) <= state.version()
            && weights == Weights::Uniform
            && classes.len() == 1
            && !state.flag("outputs_2d_")?
            && rows.is_by_own_code();
        let by_class_mode = match by_class_mode {
            true => Some(class_mode_outlier(state, &classes)?),
            false => None,
        };
        let radius = state.float("radius")?;
        Ok(Self { rows, radius, weights, classes, codes, outliers, by_class_mode, by_mode })
    }

    /// The weights of the classes, a matrix per output, and which rows have no neighbours.
    fn shares(&self, input: Block) -> Result<Voted, DataError> {
        let n_rows = input.n_rows();
        let matrix = |classes: &Classes| vec![vec![0.0; n_rows]; classes.len()];
        let mut shares: Vec<Vec<Vec<f64>>> = self.classes.iter().map(matrix).collect();
        let mut alone = Vec::with_capacity(n_rows);
        let mut weights = Vec::new();
        self.rows.each_within(input, self.radius, |found| {
            weights_within(self.weights, &found.distances, &mut weights);
            for (shares, codes) in shares.iter_mut().zip(&self.codes) {
                for (&index, weight) in found.indices.iter().zip(&weights) {
                    shares[codes[index] as usize][alone.len()] += weight;
                }
            }
            alone.push(found.indices.is_empty());
        })?;
        Ok((shares, alone))
    }

    fn refuse_alone(&self, alone: &[bool]) -> Result<(), DataError> {
        match alone.iter().position(|it| *it) {
            Some(row) if self.outliers.is_none() => {
                let text =
                    "no training row is within the radius, and the model has no outlier_label";
                Err(DataError { row: Some(row), column: None, text: text.to_owned() })
            }
            _ => Ok(()),
        }
    }

    fn probabilities(&self, input: Block) -> Result<Voted, DataError> {
        let (mut shares, alone) = self.shares(input)?;
        self.refuse_alone(&alone)?;
        for (output, shares) in shares.iter_mut().enumerate() {
            let class = match (self.by_class_mode, &self.outliers) {
                (Some(class), _) => class,
                (None, Some(it)) => it.get(output).and_then(|it| it.class),
                (None, None) => None,
            };
            if let Some(share) = class.and_then(|it| shares.get_mut(it)) {
                share.iter_mut().zip(&alone).filter(|(_, it)| **it).for_each(|(it, _)| *it = 1.0);
            }
            let mut totals = rows::sums(shares);
            totals.iter_mut().filter(|it| **it == 0.0).for_each(|it| *it = 1.0);
            rows::divide(shares, &totals);
        }
        Ok((shares, alone))
    }

    fn predict(&self, input: Block) -> Result<Output, DataError> {
        if self.by_mode {
            return self.predict_mode(input);
        }
        let (shares, alone) = self.probabilities(input)?;
        let labels = shares.iter().map(|it| rows::argmax(it)).collect();
        let zero = |shares: &Vec<Vec<f64>>, row: usize| shares.iter().all(|it| it[row] == 0.0);
        let outside =
            shares.iter().map(|it| (0..alone.len()).map(|row| zero(it, row)).collect()).collect();
        Ok(self.labels(labels, outside))
    }

    /// The codes of classes as labels; rows marked in `outside` have the outlier's label.
    fn labels(&self, mut labels: Vec<Vec<u32>>, outside: Vec<Vec<bool>>) -> Output {
        let Some(outliers) = &self.outliers else { return labels_output(labels, &self.classes) };
        for ((labels, outlier), outside) in labels.iter_mut().zip(outliers).zip(outside) {
            let marked = labels.iter_mut().zip(outside).filter(|(_, it)| *it);
            marked.for_each(|(label, _)| *label = outlier.code);
        }
        let classes: Vec<Classes> = outliers.iter().map(|it| it.labels.clone()).collect();
        labels_output(labels, &classes)
    }

    /// Until 0.21: the class of most rows, or with most weight; the first of equals.
    fn predict_mode(&self, input: Block) -> Result<Output, DataError> {
        let mut labels: Vec<Vec<u32>> = vec![Vec::new(); self.classes.len()];
        let mut alone = Vec::new();
        let (mut weights, mut terms) = (Vec::new(), Vec::new());
        self.rows.each_within(input, self.radius, |found| {
            weights_within(self.weights, &found.distances, &mut weights);
            for ((labels, codes), classes) in labels.iter_mut().zip(&self.codes).zip(&self.classes)
            {
                let (mut best, mut most) = (0, 0.0);
                for class in 0..classes.len() as u32 {
                    terms.clear();
                    let pairs = found.indices.iter().zip(&weights);
                    terms.extend(pairs.map(|(&at, w)| if codes[at] == class { *w } else { 0.0 }));
                    let sum = pairwise_sum(&terms);
                    if most < sum {
                        (best, most) = (class, sum);
                    }
                }
                labels.push(best);
            }
            alone.push(found.indices.is_empty());
        })?;
        self.refuse_alone(&alone)?;
        let outside = vec![alone; labels.len()];
        Ok(self.labels(labels, outside))
    }
}

fn read_outliers(
    state: &State<'_>,
    classes: &[Classes],
    by_mode: bool,
) -> Result<Option<Vec<Outlier>>, ReadError> {
    if by_mode {
        let Some(label) = state.optional("outlier_label") else { return Ok(None) };
        let outliers = classes.iter().map(|it| Outlier::read(&label, it));
        return outliers.collect::<Result<_, _>>().map(Some);
    }
    let Some(labels) = state.optional("outlier_label_") else { return Ok(None) };
    let labels = labels.as_list()?;
    if labels.len() != classes.len() {
        let text = format!("has {} labels for {} outputs", labels.len(), classes.len());
        return Err(state.get("outlier_label_")?.invalid(text));
    }
    let outliers = labels.iter().zip(classes).map(|(it, classes)| Outlier::read(it, classes));
    outliers.collect::<Result<_, _>>().map(Some)
}

impl Outlier {
    fn read(label: &State<'_>, classes: &Classes) -> Result<Self, ReadError> {
        let value = label.value();
        let wrong = || label.wrong("a label of the classes' type");
        let (class, labels) = match classes {
            Classes::Int(it) => {
                let label = value.as_i64().ok_or_else(wrong)?;
                let with = || Classes::Int(it.iter().copied().chain([label]).collect());
                (it.iter().position(|it| *it == label), with())
            }
            Classes::Float(it) => {
                let label = label.as_float()?;
                let with = || Classes::Float(it.iter().copied().chain([label]).collect());
                (it.iter().position(|it| *it == label), with())
            }
            Classes::Bool(it) => {
                let label = value.as_bool().ok_or_else(wrong)?;
                let with = || Classes::Bool(it.iter().copied().chain([label]).collect());
                (it.iter().position(|it| *it == label), with())
            }
            Classes::Text(it) => {
                let label = label.as_text()?.to_owned();
                let class = it.iter().position(|it| *it == label);
                (class, Classes::Text(it.iter().cloned().chain([label]).collect()))
            }
        };
        let code = class.unwrap_or(classes.len()) as u32;
        let labels = if class.is_some() { classes.clone() } else { labels };
        Ok(Self { class, labels, code })
    }
}

/// The class that equals `outlier_label` as an integer, or whose number does.
fn class_mode_outlier(state: &State<'_>, classes: &[Classes]) -> Result<Option<usize>, ReadError> {
    let Some(classes) = classes.first() else { return Ok(None) };
    let integers: Vec<f64> = match classes {
        _ if Version::new(1, 9) <= state.version() => {
            (0..classes.len()).map(|i| i as f64).collect()
        }
        Classes::Int(it) => it.iter().map(|it| *it as f64).collect(),
        Classes::Float(it) => it.iter().map(|it| it.trunc()).collect(),
        Classes::Bool(it) => it.iter().map(|it| f64::from(u8::from(*it))).collect(),
        Classes::Text(it) if it.iter().all(|it| it.trim().parse::<i64>().is_ok()) => vec![],
        Classes::Text(_) => {
            let text = "are texts, which Python refuses here as they are no integers";
            return Err(state.get("classes_")?.unsupported(text));
        }
    };
    let Some(label) = state.optional("outlier_label") else { return Ok(None) };
    let number = match label.value().kind() {
        Kind::Text(_) | Kind::List(_) | Kind::Tuple(_) => None,
        Kind::Bool(it) => Some(f64::from(u8::from(it))),
        Kind::Array(it) if !it.shape.is_empty() => {
            return Err(label.unsupported("is an array, which Python compares with numbers"));
        }
        _ => label.value().as_f64(),
    };
    Ok(number.and_then(|it| integers.iter().position(|integer| *integer == it)))
}

impl Estimator for RadiusNeighborsClassifier {
    fn n_features_in(&self) -> usize {
        self.rows.n_features_in()
    }

    fn methods(&self) -> &[Method] {
        if self.by_mode { &METHODS[..1] } else { METHODS }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            Method::Predict => self.predict(input),
            Method::PredictProba if !self.by_mode => {
                let n_rows = input.n_rows();
                let (shares, _) = self.probabilities(input)?;
                let matrices = shares.into_iter().map(|it| Dense::new(n_rows, it));
                matrices.collect::<Result<_, _>>().map(probabilities_output)
            }
            _ => Err(unsupported("RadiusNeighborsClassifier", method)),
        }
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
