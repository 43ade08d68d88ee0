//! `XGBClassifier` and `XGBRFClassifier`. For the attributes of all models see `xgb_regressor.rs`.
//!
//! | attribute      | shape          | meaning                                                        |
//! |----------------|----------------|----------------------------------------------------------------|
//! | `_le`          | `LabelEncoder` | until 1.5, or `XGBoostLabelEncoder`: its `classes_` are labels  |
//! | `n_classes_`   | int            | else labels are 0, 1, …                                        |
//!
//! | columns of predictions | `predict`                              | `predict_proba`        |
//! |------------------------|----------------------------------------|------------------------|
//! | 1                      | the second label if > 0.5              | 1 - p and p            |
//! | more                   | the label of the first of the largest  | as they are            |
//! | several yes-or-no targets | 1 if > 0.5, a `float64` matrix      | as they are            |
//!
//! Source of truth: `XGBClassifier` in `xgboost/sklearn.py`.

use std::sync::Arc;

use super::input::matrix;
use super::objective::{Link, largest};
use super::xgb_regressor::XgbModel;
use crate::{
    Block, ClassSpec, Classes, DataError, Dense, Estimator, Method, Output, ReadError, State,
    Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["xgboost.sklearn.XGBClassifier"],
    methods: METHODS,
    read: |state| Ok(Box::new(XgbClassifier::read(state)?)),
};

pub(super) const FOREST: ClassSpec = ClassSpec {
    paths: &["xgboost.sklearn.XGBRFClassifier"],
    methods: METHODS,
    read: |state| Ok(Box::new(XgbClassifier::read(state)?)),
};

const METHODS: &[Method] = &[Method::Predict, Method::PredictProba];

#[derive(Debug)]
struct XgbClassifier {
    model: XgbModel,
    /// None if it has several targets.
    classes: Vec<Classes>,
}

impl XgbClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let model = XgbModel::read(state)?;
        let n_columns = model.learner.n_groups();
        let is_multiclass = matches!(model.learner.link, Link::Softmax | Link::Softprob);
        let n_classes = if is_multiclass { n_columns } else { 2 };
        if 1 < n_columns && !is_multiclass {
            return Ok(Self { model, classes: Vec::new() });
        }
        if model.learner.link == Link::Softmax {
            let text = "was trained with multi:softmax, whose probabilities are not supported";
            return Err(state.unsupported(text));
        }
        let classes = match state.optional("_le") {
            Some(it) => it.classes("classes_")?,
            None => {
                state.charge(n_classes.saturating_mul(8))?;
                Classes::Int((0..).take(n_classes).collect::<Arc<[i64]>>())
            }
        };
        if classes.len() != n_classes {
            let text = format!("has {} labels for {n_classes} classes", classes.len());
            return Err(state.invalid(text));
        }
        Ok(Self { model, classes: vec![classes] })
    }

    fn labels(&self, columns: &[Vec<f32>], n_rows: usize) -> Result<Output, DataError> {
        let Some(classes) = self.classes.first() else {
            let flags = |it: &Vec<f32>| it.iter().map(|x| f64::from(u8::from(0.5 < *x))).collect();
            return Dense::new(n_rows, columns.iter().map(flags).collect()).map(Output::dense);
        };
        let mut row = vec![0.0; columns.len()];
        let label = |i: usize| {
            row.iter_mut().zip(columns).for_each(|(x, column)| *x = column[i]);
            if let [x] = *row { u32::from(0.5 < x) } else { largest(&row) as u32 }
        };
        let labels = (0..n_rows).map(label).collect();
        Ok(Output::Vector(Values::Labels(labels, classes.clone())))
    }
}

impl Estimator for XgbClassifier {
    fn n_features_in(&self) -> usize {
        self.model.learner.n_features
    }

    fn methods(&self) -> &[Method] {
        METHODS
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        if !METHODS.contains(&method) {
            return Err(unsupported("XGBClassifier", method));
        }
        let x = self.model.columns(input)?;
        let mut columns = self.model.learner.predictions(&x);
        if method == Method::Predict {
            return self.labels(&columns, x.n_rows());
        }
        if let [second] = columns.as_slice() {
            let first = second.iter().map(|p| 1.0 - p).collect();
            columns.insert(0, first);
        }
        matrix(x.n_rows(), columns)
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.model.feature_names()
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
