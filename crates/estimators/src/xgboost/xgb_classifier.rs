//! `XGBClassifier` and `XGBRFClassifier`. For the attributes of all models see `xgb_regressor.rs`.
//!
//! | attribute      | shape          | meaning                                                        |
//! |----------------|----------------|----------------------------------------------------------------|
//! | `_le`          | `LabelEncoder` | until 1.5, or `XGBoostLabelEncoder`: its `classes_` are labels  |
//! | `n_classes_`   | int            | else labels are 0, 1, …                                        |
//! | `objective`    | text           | `multi:softmax`; before 1.6 only if there are two classes       |
//!
//! | columns of predictions | `predict`                              | `predict_proba`        |
//! |------------------------|----------------------------------------|------------------------|
//! | 1                      | the second label if > 0.5              | 1 - p and p            |
//! | 1, of `multi:softmax`  | the number of the largest margin       | `scipy.special.softmax` of the margins from 1.7 on; none in 1.6; the margins in 1.4 and 1.5 |
//! | more                   | the label of the first of the largest  | as they are            |
//! | more, but two classes (from 1.6) | 1 if > 0.5, a `float64` matrix | as they are          |
//!
//! `raw_score` is `predict(X, output_margin=True)`: the margins, (n,) or (n, k).
//!
//! Source of truth: `XGBClassifier` in `xgboost/sklearn.py`.

use std::sync::Arc;

use super::booster::{margins, methods};
use super::input::matrix;
use super::learner::FIRST_RANGES;
use super::objective::{Link, largest, numpy_softmax};
use super::xgb_regressor::XgbModel;
use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Output,
    ReadError, State, Values, Version, unsupported,
};

/// Since then `multi:softmax` may have more than two classes, and two classes with several columns are
/// several targets.
const FIRST_SOFTMAX: Version = Version::new(1, 6);

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

const METHODS: &[Method] =
    &[Method::Predict, Method::PredictProba, Method::RawScore, Method::Apply];
/// Those of a `multi:softmax` of 1.6.
const NO_PROBA: &[Method] = &[Method::Predict, Method::RawScore, Method::Apply];

#[derive(Debug)]
struct XgbClassifier {
    model: XgbModel,
    /// None if it has several targets.
    classes: Vec<Classes>,
    methods: &'static [Method],
}

impl XgbClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let model = XgbModel::read(state)?;
        let learner = &model.learner;
        let objective = state.optional("objective").and_then(|it| it.as_text().ok());
        let is_softmax = learner.link == Link::Softmax;
        if is_softmax != (objective == Some("multi:softmax")) {
            let text = "has another objective than its _Booster: both or none is multi:softmax";
            return Err(state.invalid(text));
        }
        let has_proba = !is_softmax || learner.version != FIRST_SOFTMAX;
        let methods = methods(if has_proba { METHODS } else { NO_PROBA }, learner);
        let n_columns = learner.n_groups();
        let n_classes = if state.has("n_classes_") { state.count("n_classes_")? } else { 0 };
        let is_of_flags = n_classes == 2 && FIRST_SOFTMAX <= learner.version;
        if 1 < n_columns && is_of_flags && !is_softmax {
            return Ok(Self { model, classes: Vec::new(), methods });
        }
        let n_labels = if n_columns == 1 { 2 } else { n_columns };
        let takes_numbers = is_softmax && FIRST_SOFTMAX <= learner.version;
        let encoder = state.optional("_le").filter(|_| !takes_numbers);
        let classes = match encoder {
            Some(it) => it.classes("classes_")?,
            None => {
                state.charge(n_labels.saturating_mul(8))?;
                Classes::Int((0..).take(n_labels).collect::<Arc<[i64]>>())
            }
        };
        if classes.len() != n_labels {
            let text = format!("has {} labels for {n_labels} classes", classes.len());
            return Err(state.invalid(text));
        }
        Ok(Self { model, classes: vec![classes], methods })
    }

    fn labels(&self, columns: &[Vec<f32>], n_rows: usize) -> Result<Output, DataError> {
        let Some(classes) = self.classes.first() else {
            let flags = |it: &Vec<f32>| it.iter().map(|x| f64::from(u8::from(0.5 < *x))).collect();
            return Dense::new(n_rows, columns.iter().map(flags).collect()).map(Output::dense);
        };
        let is_number = self.model.learner.link == Link::Softmax;
        let mut row = vec![0.0; columns.len()];
        let label = |i: usize| {
            row.iter_mut().zip(columns).for_each(|(x, column)| *x = column[i]);
            match *row {
                [number] if is_number => number as u32,
                [x] => u32::from(0.5 < x),
                _ => largest(&row) as u32,
            }
        };
        let labels = (0..n_rows).map(label).collect();
        Ok(Output::Vector(Values::Labels(labels, classes.clone())))
    }

    fn probabilities(&self, x: &Dense) -> Result<Output, DataError> {
        let learner = &self.model.learner;
        if learner.link == Link::Softmax && FIRST_RANGES <= learner.version {
            let mut margins = learner.margins(x);
            if FIRST_SOFTMAX < learner.version {
                numpy_softmax(&mut margins);
            }
            return matrix(x.n_rows(), margins);
        }
        let mut columns = learner.predictions(x);
        if let [second] = columns.as_slice() {
            let first = second.iter().map(|p| 1.0 - p).collect();
            columns.insert(0, first);
        }
        matrix(x.n_rows(), columns)
    }
}

impl Estimator for XgbClassifier {
    fn n_features_in(&self) -> usize {
        self.model.learner.n_features
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.model.column_hints()
    }

    fn methods(&self) -> &[Method] {
        self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        match method {
            _ if !self.methods.contains(&method) => Err(unsupported("XGBClassifier", method)),
            Method::Apply => self.model.apply(input),
            Method::RawScore => margins(&self.model.learner, &self.model.checked_columns(input)?),
            Method::PredictProba => self.probabilities(&self.model.checked_columns(input)?),
            _ => {
                let x = self.model.checked_columns(input)?;
                self.labels(&self.model.learner.predictions(&x), x.n_rows())
            }
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.model.column_kinds()
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.model.feature_names()
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
