//! `DummyClassifier`: the same answer for every row, found in training.
//!
//! | attribute               | shape                | meaning                                   | since |
//! |-------------------------|----------------------|-------------------------------------------|-------|
//! | `_strategy`, `strategy` | text                 | see below; the first where it is there    | 0.22  |
//! | `classes_`              | (k,), or one per out | labels                                    | any   |
//! | `class_prior_`          | (k,), or one per out | their share of the training rows          | any   |
//! | `constant`              | label, or one per out | of the strategy `constant`               | any   |
//! | `sparse_output_`        | bool                 | trained on a sparse y: refused            | any   |
//!
//! | strategy                 | `predict`             | `predict_proba`             |
//! |--------------------------|-----------------------|-----------------------------|
//! | `most_frequent`          | the most common class | 1 for that class            |
//! | `prior`                  | the most common class | the shares                  |
//! | `constant`               | the given class       | 1 for that class            |
//! | `uniform`                | drawn at random: none | 1 / k each                  |
//! | `stratified`             | drawn at random: none | drawn at random: none       |
//!
//! What Python draws at random (with `numpy.random.RandomState(random_state)`, made anew for each call) gives a
//! row an answer that depends on its place among the rows of the call; here a row's answer depends on that
//! row alone. So there is none, whatever `random_state`: a `uniform` dummy lacks `predict`, and a `stratified`
//! one is refused.
//!
//! Source of truth: `DummyClassifier` in `sklearn/dummy.py`.

use super::dummy_regressor::any_features;
use crate::sklearn::tree::{labels_output, largest, logs, probabilities_output};
use crate::{
    Block, ClassSpec, Classes, ColumnKind, DataError, Dense, Estimator, Method, Output, ReadError,
    State, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["sklearn.dummy.DummyClassifier"],
    methods: METHODS,
    read: |state| Ok(Box::new(DummyClassifier::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::PredictProba, Method::PredictLogProba];
const ONLY_PROBABILITIES: &[Method] = &[Method::PredictProba, Method::PredictLogProba];

#[derive(Debug)]
struct DummyClassifier {
    classes: Vec<Classes>,
    /// The class predicted, per output; none if it is drawn at random.
    labels: Option<Vec<u32>>,
    /// Probabilities of each output's classes.
    probabilities: Vec<Vec<f64>>,
    n_features: usize,
}

impl DummyClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        if state.flag_or("sparse_output_", false)? {
            return Err(state.unsupported("was trained on a sparse y, which is not supported"));
        }
        let name = if state.has("_strategy") { "_strategy" } else { "strategy" };
        let strategy = state.text(name)?;
        let classes = per_output(state, "classes_", State::as_classes)?;
        let priors = per_output(state, "class_prior_", State::as_floats)?;
        let n_classes: Vec<usize> = classes.iter().map(Classes::len).collect();
        if priors.iter().map(Vec::len).ne(n_classes.iter().copied()) || n_classes.contains(&0) {
            return Err(state.get("class_prior_")?.invalid("does not fit classes_"));
        }
        let common: Vec<u32> = priors.iter().map(|it| largest(it)).collect();
        let (labels, probabilities) = match strategy {
            "most_frequent" => (Some(common.clone()), certain(&common, &n_classes)),
            "prior" => (Some(common), priors),
            "uniform" => (None, n_classes.iter().map(|&n| vec![1.0 / n as f64; n]).collect()),
            "constant" => {
                let labels = constants(state, &classes)?;
                (Some(labels.clone()), certain(&labels, &n_classes))
            }
            _ => {
                return Err(state.get(name)?.unsupported(format!(
                    "is {strategy:?}: it draws each row's answer at random, by the row's place in the call"
                )));
            }
        };
        Ok(Self { classes, labels, probabilities, n_features: any_features(state)? })
    }

    fn matrices(&self, n_rows: usize) -> Vec<Dense> {
        let output = |it: &Vec<f64>| {
            Dense::new(n_rows, it.iter().map(|&p| vec![p; n_rows]).collect()).unwrap_or_default()
        };
        self.probabilities.iter().map(output).collect()
    }
}

/// An attribute that is one array, or a list of one array per output.
fn per_output<'g, T>(
    state: &State<'g>,
    name: &str,
    read: fn(&State<'g>) -> Result<T, ReadError>,
) -> Result<Vec<T>, ReadError> {
    let it = state.get(name)?;
    if it.value().as_array().is_some() {
        return Ok(vec![read(&it)?]);
    }
    it.as_list()?.iter().map(read).collect()
}

/// Probability 1 for the class chosen in each output.
fn certain(labels: &[u32], n_classes: &[usize]) -> Vec<Vec<f64>> {
    let row = |(&label, &n): (&u32, &usize)| {
        (0..n).map(|k| if k == label as usize { 1.0 } else { 0.0 }).collect()
    };
    labels.iter().zip(n_classes).map(row).collect()
}

/// Where `constant` stands in the classes of each output.
fn constants(state: &State<'_>, classes: &[Classes]) -> Result<Vec<u32>, ReadError> {
    let constant = state.get("constant")?;
    let absent = || constant.invalid("is not one of the classes");
    let mut found = Vec::with_capacity(classes.len());
    for (k, classes) in classes.iter().enumerate() {
        let place = match classes {
            Classes::Text(it) => {
                let texts = constant.as_text().map(|it| vec![it.to_owned()]);
                let texts = texts.or_else(|_| constant.as_texts())?;
                it.iter().position(|label| Some(label) == texts.get(k))
            }
            Classes::Int(it) => {
                let ints = constant.value().as_i64().map(|it| vec![it]);
                let ints = ints.map_or_else(|| constant.as_ints(), Ok)?;
                it.iter().position(|label| Some(label) == ints.get(k))
            }
            Classes::Float(it) => {
                let floats = constant.as_float().map(|it| vec![it]);
                let floats = floats.or_else(|_| constant.as_floats())?;
                it.iter().position(|label| Some(label) == floats.get(k))
            }
            Classes::Bool(it) => {
                let flag = constant.value().as_bool();
                it.iter().position(|label| k == 0 && Some(*label) == flag)
            }
        };
        found.push(place.ok_or_else(absent)? as u32);
    }
    Ok(found)
}

impl Estimator for DummyClassifier {
    fn n_features_in(&self) -> usize {
        self.n_features
    }

    fn methods(&self) -> &[Method] {
        if self.labels.is_some() { METHODS } else { ONLY_PROBABILITIES }
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let n = input.n_rows();
        match (method, &self.labels) {
            (Method::Predict, Some(labels)) => {
                Ok(labels_output(labels.iter().map(|&it| vec![it; n]).collect(), &self.classes))
            }
            (Method::PredictProba, _) => Ok(probabilities_output(self.matrices(n))),
            (Method::PredictLogProba, _) => Ok(probabilities_output(logs(self.matrices(n)))),
            _ => Err(unsupported("this DummyClassifier", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        vec![ColumnKind::Unused; self.n_features]
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
