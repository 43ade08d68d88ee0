//! `LGBMClassifier`: probabilities of its booster, and the class of the largest.
//!
//! | attribute    | shape          | meaning                                                               | since |
//! |--------------|----------------|-----------------------------------------------------------------------|-------|
//! | `_Booster`   | `Booster`      | see `booster.rs`                                                      | any   |
//! | `_le`        | `LabelEncoder` | `classes_`: the labels                                                | any   |
//! | `_objective` | text           | a function of the user's own gives sums for probabilities             | any   |
//! | `_n_features_in` | integer    | read for when it came: from then on such sums are answered as they are | 3.0  |
//! | `_fitted_with_feature_names` | flag | read for when it came: with `decision_function`, the sums of the trees | 4.7 |
//!
//! One column of predictions, p, makes the probabilities 1 - p and p, of one label alone too. Two labels
//! trained with `multiclass` have two columns, which until 3.3 were mixed up, and are refused.
//!
//! Source of truth: `LGBMClassifier.predict_proba` in LightGBM's `sklearn.py`.

use super::booster::{Booster, floats};
use super::lgbm_regressor::booster;
use crate::sklearn::largest;
use crate::{
    Block, ClassSpec, Classes, ColumnHint, ColumnKind, DataError, Dense, Estimator, Method, Output,
    ReadError, State, Values, unsupported,
};

pub(super) const CLASS: ClassSpec = ClassSpec {
    paths: &["lightgbm.sklearn.LGBMClassifier"],
    methods: METHODS,
    read: |state| Ok(Box::new(LgbmClassifier::read(state)?)),
};

const METHODS: &[Method] = &[
    Method::Predict,
    Method::PredictProba,
    Method::DecisionFunction,
    Method::RawScore,
    Method::Apply,
];

#[derive(Debug)]
struct LgbmClassifier {
    booster: Booster,
    classes: [Classes; 1],
    methods: Vec<Method>,
    /// Whether sums are answered in place of labels and probabilities.
    answers_sums: bool,
}

impl LgbmClassifier {
    fn read(state: &State<'_>) -> Result<Self, ReadError> {
        let classes = state.get("_le")?.classes("classes_")?;
        let booster = booster(state)?;
        let own_objective = state.optional("_objective").is_some_and(|it| it.as_text().is_err());
        let (found, count) = (booster.n_columns(), classes.len());
        let is_known = match count {
            0 => false,
            1 => found == 1,
            2 => found == 1 || found == 2 && booster.since_4,
            _ => found == count,
        };
        if !is_known {
            let text = format!("has {found} columns of predictions for {count} classes");
            return Err(state.unsupported(text));
        }
        let decides = state.has("_fitted_with_feature_names");
        let has = |it: &Method| decides || *it != Method::DecisionFunction;
        Ok(Self {
            booster,
            classes: [classes],
            methods: METHODS.iter().copied().filter(has).collect(),
            answers_sums: own_objective && state.has("_n_features_in"),
        })
    }

    fn probabilities(&self, input: Block) -> Result<Vec<Vec<f64>>, DataError> {
        let mut columns = self.booster.predictions(input)?;
        if let [second] = columns.as_slice() {
            columns.insert(0, second.iter().map(|x| 1.0 - x).collect());
        }
        Ok(columns)
    }

    fn labels(&self, columns: &[Vec<f64>], n_rows: usize) -> Result<Output, DataError> {
        let [classes] = &self.classes;
        let mut row = vec![0.0; columns.len()];
        let label = |i: usize| {
            row.iter_mut().zip(columns).for_each(|(x, column)| *x = column[i]);
            largest(&row)
        };
        let labels: Vec<u32> = (0..n_rows).map(label).collect();
        if let Some(row) = labels.iter().position(|it| classes.len() <= *it as usize) {
            let text = "is of a second class, but the model was trained on one alone";
            return Err(DataError { row: Some(row), column: None, text: text.into() });
        }
        Ok(Output::Vector(Values::Labels(labels, classes.clone())))
    }
}

impl Estimator for LgbmClassifier {
    fn n_features_in(&self) -> usize {
        self.booster.n_features_in()
    }

    fn column_hints(&self) -> Vec<ColumnHint> {
        self.booster.column_hints()
    }

    fn methods(&self) -> &[Method] {
        &self.methods
    }

    fn call(&self, method: Method, input: Block) -> Result<Output, DataError> {
        let n_rows = input.n_rows();
        match method {
            Method::Predict | Method::PredictProba if self.answers_sums => {
                self.booster.call(Method::RawScore, input)
            }
            Method::Predict => self.labels(&self.probabilities(input)?, n_rows),
            Method::PredictProba => {
                Dense::new(n_rows, self.probabilities(input)?).map(Output::dense)
            }
            Method::DecisionFunction if self.methods.contains(&method) => {
                floats(n_rows, self.booster.sums(input)?)
            }
            Method::RawScore | Method::Apply => self.booster.call(method, input),
            _ => Err(unsupported("LGBMClassifier", method)),
        }
    }

    fn column_kinds(&self) -> Vec<ColumnKind> {
        self.booster.column_kinds()
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        self.booster.feature_names()
    }

    fn blanks_are_underscores(&self) -> bool {
        true
    }

    fn classes(&self) -> &[Classes] {
        &self.classes
    }
}
