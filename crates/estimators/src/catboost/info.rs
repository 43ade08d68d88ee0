//! What a model says of its training: loss and class labels.
//!
//! | key of `model_info`                | meaning                                                   | since |
//! |------------------------------------|-----------------------------------------------------------|-------|
//! | `params.loss_function.type`        | the loss, by which raw predictions become probabilities   | any   |
//! | `class_params`                     | labels; before, and for several classes, `multiclass_params` | 0.24 |
//! | `.class_names`, `.class_label_type` | the labels, and `Integer`, `Float`, `String` or `Boolean` |       |
//! | `.classes_count`, `.class_to_label` | how many there are; the label of each column of predictions |     |
//! | `binclass_probability_threshold`   | a probability above it is the second class; else 0.5      | 0.25  |
//!
//! Source of truth: `TFullModel::GetModelClassLabels` in `catboost/libs/model/model.cpp`,
//! `TExternalLabelsHelper` in `catboost/private/libs/labels/external_label_helper.cpp`.

use std::sync::Arc;

use crate::document::Node;
use crate::{Classes, ReadError, State};

/// As much as predictions need.
#[derive(Debug)]
pub(super) struct Info {
    /// Empty if the file does not say.
    pub(super) loss: String,
    /// None if it is no classifier.
    pub(super) classes: Option<Classes>,
    /// For several columns of raw predictions: how many classes there are, and the class of each column.
    pub(super) places: Option<(usize, Vec<usize>)>,
    /// A raw prediction above it is the second class.
    pub(super) threshold: f64,
}

/// Losses of classifiers.
const CLASSIFICATION: [&str; 7] = [
    "Logloss",
    "CrossEntropy",
    "Focal",
    "MultiClass",
    "MultiClassOneVsAll",
    "MultiLogloss",
    "MultiCrossEntropy",
];

/// Losses of classifiers whose rows have several labels.
const MULTILABEL: [&str; 2] = ["MultiLogloss", "MultiCrossEntropy"];

impl Info {
    /// Reads the values of `model_info` that `find` has.
    pub(super) fn read(
        find: impl Fn(&str) -> Result<Option<Node>, ReadError>,
        n_sums: usize,
        state: &State<'_>,
    ) -> Result<Self, ReadError> {
        let params = find("params")?.unwrap_or(Node::Null);
        let own = params.find("loss_function").cloned();
        let loss = match own.map_or_else(|| find("loss_function"), |it| Ok(Some(it)))? {
            Some(it) => it.text("type", state)?.to_owned(),
            None => String::new(),
        };
        let mut options = find("class_params")?;
        if options.is_none() {
            options = find("multiclass_params")?;
        }
        let options = options.map(|it| ClassOptions::read(&it, state)).transpose()?;
        let old_names =
            params.find("data_processing_options").and_then(|it| it.find("class_names"));
        let classes = match &options {
            Some(it) => Some(it.classes(state)?),
            None => match old_names.map(|it| labels(it, "", state)).transpose()? {
                Some(it) if !it.is_empty() => Some(it),
                _ if CLASSIFICATION.contains(&loss.as_str()) => {
                    Some(numbered(if n_sums == 1 { 2 } else { n_sums }, state)?)
                }
                _ => None,
            },
        };
        let places = options.map(|it| it.places(n_sums, state)).transpose()?.flatten();
        let probability = match find("binclass_probability_threshold")? {
            Some(Node::Number(it)) => it,
            Some(Node::Text(it)) => it.trim().parse().unwrap_or(0.5),
            _ => 0.5,
        };
        let threshold = -(1.0 / probability - 1.0).ln();
        Ok(Self { loss, classes, places, threshold })
    }

    /// Whether a row may have several labels.
    pub(super) fn is_multilabel(&self) -> bool {
        MULTILABEL.contains(&self.loss.as_str())
    }

    /// Whether several columns are probabilities of their own, which need not add up to 1.
    pub(super) fn is_one_vs_all(&self) -> bool {
        self.is_multilabel() || self.loss == "MultiClassOneVsAll"
    }

    /// Whether it was trained to tell classes apart.
    pub(super) fn is_classification(&self) -> bool {
        CLASSIFICATION.contains(&self.loss.as_str())
    }
}

/// `class_params`.
struct ClassOptions {
    names: Classes,
    count: usize,
    to_label: Vec<usize>,
}

impl ClassOptions {
    fn read(node: &Node, state: &State<'_>) -> Result<Self, ReadError> {
        let kind = match node.find("class_label_type") {
            Some(Node::Text(it)) => it,
            _ => "",
        };
        let names = node.find("class_names").unwrap_or(&Node::Null);
        let to_label = node.numbers("class_to_label", state)?;
        if !to_label.iter().all(|it| (0.0..1e6).contains(it)) {
            return Err(state.invalid("has a class_to_label with a number that is no class"));
        }
        Ok(Self {
            names: labels(names, kind, state)?,
            count: node.count("classes_count", state)?,
            to_label: to_label.iter().map(|it| *it as usize).collect(),
        })
    }

    fn classes(&self, state: &State<'_>) -> Result<Classes, ReadError> {
        if !self.names.is_empty() {
            return Ok(self.names.clone());
        }
        if self.count != 0 {
            return numbered(self.count, state);
        }
        Ok(Classes::Int(self.to_label.iter().map(|&it| it as i64).collect()))
    }

    fn places(
        self,
        n_sums: usize,
        state: &State<'_>,
    ) -> Result<Option<(usize, Vec<usize>)>, ReadError> {
        if n_sums == 1 {
            return Ok(None);
        }
        let (count, places) = match self.count.max(self.names.len()) {
            0 => (self.to_label.len(), (0..self.to_label.len()).collect()),
            count => (count, self.to_label),
        };
        state.charge(count.saturating_mul(24))?;
        if places.len() != n_sums || !places.iter().all(|it| *it < count) {
            let text = format!("has a class_to_label that does not fit {n_sums} columns");
            return Err(state.invalid(text));
        }
        Ok(Some((count, places)))
    }
}

/// The labels 0, 1, ….
fn numbered(count: usize, state: &State<'_>) -> Result<Classes, ReadError> {
    state.charge(count.saturating_mul(8))?;
    Ok(Classes::Int((0..).take(count).collect::<Arc<[i64]>>()))
}

/// Labels of a type; without a type they are texts, if not numbers.
fn labels(node: &Node, kind: &str, state: &State<'_>) -> Result<Classes, ReadError> {
    match (node, kind) {
        (Node::Null, _) => Ok(Classes::Int(Arc::new([]))),
        (Node::Numbers(it), "Boolean") => Ok(Classes::Bool(it.iter().map(|x| *x != 0.0).collect())),
        (Node::Numbers(it), "Float") => Ok(Classes::Float(it.as_slice().into())),
        (Node::Numbers(it), "Integer" | "None" | "")
            if it.iter().all(|x| x.fract() == 0.0 && x.abs() < 9e15) =>
        {
            Ok(Classes::Int(it.iter().map(|x| *x as i64).collect()))
        }
        (Node::List(it), _) => {
            let text = |it: &Node| match it {
                Node::Text(it) => Some(it.clone()),
                _ => None,
            };
            let texts: Option<Arc<[String]>> = it.iter().map(text).collect();
            texts
                .map(Classes::Text)
                .ok_or_else(|| state.invalid("has class_names of several types"))
        }
        _ => {
            Err(state
                .unsupported(format!("has class_names of the type {kind:?}, which is unknown")))
        }
    }
}
